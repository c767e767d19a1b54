package dev.perennial.domain.definition;

import java.util.List;
import java.util.Map;

/**
 * Where things lie in a provider's answer: the {@code response} of a definition. A path is a list
 * of member names and of item numbers from 0; of several paths the first one that is present
 * counts, and none at all means that the thing is never read. Immutable.
 *
 * @param root where the other paths begin; empty = at the top
 * @param accessToken paths of the access token
 * @param refreshToken paths of the refresh token
 * @param expiry paths of the access token's end
 * @param expiryInMilliseconds a number under {@code expiry} is milliseconds from now; else what it
 *     means is told by its size
 * @param refreshTokenExpiry paths of the refresh token's end
 * @param success values that must match where they are present, by path
 * @param errors what a code means that RFC 6749 section 5.2 does not know, or means otherwise
 * @param error where the code of an error may lie, under the root or at the top; of several codes
 *     the first that is known counts
 */
public record AnswerShape(
    List<String> root,
    List<List<String>> accessToken,
    List<List<String>> refreshToken,
    List<List<String>> expiry,
    boolean expiryInMilliseconds,
    List<List<String>> refreshTokenExpiry,
    Map<List<String>, String> success,
    Map<String, ErrorMeaning> errors,
    List<List<String>> error) {

  private static final List<List<String>> USUAL_ERROR =
      List.of(List.of("error"), List.of("error", "code"), List.of("error", "type"));

  /** RFC 6749 section 5.1, with the names that are common beside it. */
  public static final AnswerShape STANDARD =
      new AnswerShape(
          List.of(),
          List.of(List.of("access_token")),
          List.of(List.of("refresh_token")),
          List.of(List.of("expires_in"), List.of("expires_at")),
          false,
          List.of(
              List.of("refresh_token_expires_in"),
              List.of("x_refresh_token_expires_in"),
              List.of("refresh_expires_in")),
          Map.of(List.of("ok"), "true"),
          Map.of());

  /** With an error's code where it usually is. */
  public AnswerShape(
      List<String> root,
      List<List<String>> accessToken,
      List<List<String>> refreshToken,
      List<List<String>> expiry,
      boolean expiryInMilliseconds,
      List<List<String>> refreshTokenExpiry,
      Map<List<String>, String> success,
      Map<String, ErrorMeaning> errors) {
    this(
        root,
        accessToken,
        refreshToken,
        expiry,
        expiryInMilliseconds,
        refreshTokenExpiry,
        success,
        errors,
        USUAL_ERROR);
  }

  public AnswerShape {
    root = List.copyOf(root);
    accessToken = List.copyOf(accessToken);
    refreshToken = List.copyOf(refreshToken);
    expiry = List.copyOf(expiry);
    refreshTokenExpiry = List.copyOf(refreshTokenExpiry);
    success = Map.copyOf(success);
    errors = Map.copyOf(errors);
    error = List.copyOf(error);
  }
}
