package dev.perennial.exchanger;

import dev.perennial.domain.Secret;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that somebody brings from elsewhere. Prints no value.
 *
 * @param answer what the provider once answered, as far as it is known: JSON values
 * @param accessToken before one in the answer; null where it lies there
 * @param refreshToken likewise; null where there is none
 * @param times what is known of them
 * @param variables values of the per-connection variables, by id
 */
public record GivenTokens(
    Map<String, @Nullable Object> answer,
    @Nullable Secret accessToken,
    @Nullable Secret refreshToken,
    Times times,
    Map<String, String> variables) {

  // Not the compact form: javac then loses the type annotation.
  public GivenTokens(
      Map<String, @Nullable Object> answer,
      @Nullable Secret accessToken,
      @Nullable Secret refreshToken,
      Times times,
      Map<String, String> variables) {
    this.answer = answer;
    this.accessToken = accessToken;
    this.refreshToken = refreshToken;
    this.times = times;
    this.variables = Map.copyOf(variables);
  }

  /**
   * Each null where it is not known.
   *
   * @param issuedAt when the access token was asked for; lengths in the answer count from there
   * @param expiresAt end of the access token, before what the answer says
   * @param refreshTokenExpiresAt end of the refresh token, before what the answer says
   * @param connectedAt when the user consented
   */
  public record Times(
      @Nullable Instant issuedAt,
      @Nullable Instant expiresAt,
      @Nullable Instant refreshTokenExpiresAt,
      @Nullable Instant connectedAt) {}

  @Override
  public String toString() {
    return "GivenTokens" + answer.keySet();
  }
}
