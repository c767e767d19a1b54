package dev.perennial.exchanger;

import dev.perennial.domain.Secret;
import dev.perennial.domain.definition.AnswerShape;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a definition finds in an answer. Pure.
 *
 * @param base where its paths begin; null where that is not in the answer
 */
record Shaped(@Nullable Object base, AnswerShape shape) {
  /** What is longer is no token that anybody could send in a header. In characters. */
  static final int LONGEST_TOKEN = 1 << 18;

  /** An answer or what is kept of it, from the shape's root on. */
  static Shaped of(@Nullable Object answer, AnswerShape shape) {
    return new Shaped(Paths.at(answer, shape.root()), shape);
  }

  Optional<Secret> accessToken() {
    return token(shape.accessToken());
  }

  Optional<Secret> refreshToken() {
    return token(shape.refreshToken());
  }

  /** Where the refresh token lies, or would lie. */
  List<String> refreshTokenPath() {
    return present(shape.refreshToken());
  }

  /** Where the access token lies, or would lie. */
  List<String> accessTokenPath() {
    return present(shape.accessToken());
  }

  /**
   * However far away.
   *
   * @param issuedAt when the request was sent
   * @return null where nothing usable is stated
   */
  @Nullable Instant expiry(Instant issuedAt) {
    return Expiry.stated(base, shape.expiry(), shape.expiryInMilliseconds(), issuedAt);
  }

  /** The refresh token's end; null also where it is too far away to matter. */
  @Nullable Instant refreshTokenExpiry(Instant issuedAt) {
    Instant end = Expiry.stated(base, shape.refreshTokenExpiry(), false, issuedAt);
    return Expiry.bounded(end, issuedAt);
  }

  private Optional<Secret> token(List<List<String>> paths) {
    for (List<String> path : paths) {
      Optional<String> text = text(path);
      if (text.isPresent()) {
        return text.map(Secret::of);
      }
    }
    return Optional.empty();
  }

  private List<String> present(List<List<String>> paths) {
    for (List<String> path : paths) {
      if (text(path).isPresent()) {
        return path;
      }
    }
    return paths.isEmpty() ? List.of() : paths.getFirst();
  }

  private Optional<String> text(List<String> path) {
    return Paths.at(base, path) instanceof String text
            && !text.isEmpty()
            && text.length() <= LONGEST_TOKEN
        ? Optional.of(text)
        : Optional.empty();
  }

  @Override
  public String toString() {
    return "Shaped[***]";
  }
}
