package dev.perennial.exchanger;

import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.definition.AnswerShape;
import dev.perennial.domain.definition.FollowUp;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which answer is a good one.
 *
 * @param sibling path of the token that was asked for; null = the main one
 */
record Expected(AnswerShape shape, Kind kind, @Nullable List<String> sibling) {

  enum Kind {
    /** An access token. */
    TOKEN,
    /** A token of any kind, since another answer follows. */
    FIRST,
    /** Any object. */
    OBJECT,
    /** Any object or list. */
    VALUE
  }

  /** To the request for an access token, or to a refresh. */
  static Expected token(AnswerShape shape, List<FollowUp> followUps) {
    return new Expected(shape, followUps.isEmpty() ? Kind.TOKEN : Kind.FIRST, null);
  }

  static Expected sibling(AnswerShape shape, List<String> path) {
    return new Expected(shape, Kind.TOKEN, path);
  }

  static Expected followUp(AnswerShape shape, FollowUp followUp) {
    return new Expected(shape, followUp.into() == null ? Kind.OBJECT : Kind.VALUE, null);
  }

  boolean list() {
    return kind == Kind.VALUE;
  }

  /** Whether the body may hold the only copy of a token. */
  boolean bringsTokens() {
    return kind == Kind.TOKEN || kind == Kind.FIRST;
  }

  boolean met(Object body) {
    return !bringsTokens() || hasToken(body);
  }

  /** An access token, or, where more is to follow, any token. */
  boolean hasToken(Object body) {
    if (sibling != null && accessToken(new Shaped(Paths.at(body, sibling), shape))) {
      return true;
    }
    Shaped shaped = Shaped.of(body, shape);
    return accessToken(shaped)
        || (kind == Kind.FIRST && (shaped.refreshToken().isPresent() || standard(body)));
  }

  private static boolean accessToken(Shaped shaped) {
    return shaped.accessToken().isPresent();
  }

  private static boolean standard(Object body) {
    return body instanceof Map<?, ?> object
        && object.get(TokenResponse.ACCESS_TOKEN) instanceof String token
        && !token.isEmpty();
  }
}
