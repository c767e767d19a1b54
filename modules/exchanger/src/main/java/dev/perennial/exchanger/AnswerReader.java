package dev.perennial.exchanger;

import dev.perennial.domain.credential.TokenOutcome;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.definition.TokenRequest;
import dev.perennial.exchanger.Exchange.Answered;
import dev.perennial.exchanger.Exchange.Extent;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one place that says what an answer means. Pure. Its two rules: what we do not understand
 * never ends a grant, and a success that we cannot use is kept, since it may hold the only copy of
 * the next refresh token. A detail shows the status and an error code, never free text of a
 * provider.
 */
final class AnswerReader {
  private final TokenRequest request;
  private final Answered answered;
  private final @Nullable Duration retryAfter;

  private AnswerReader(TokenRequest request, Answered answered, Instant now) {
    this.request = request;
    this.answered = answered;
    this.retryAfter = RetryAfter.read(answered.retryAfter(), now);
  }

  /**
   * @param now for a Retry-After that is a date
   */
  static TokenOutcome read(TokenRequest request, Exchange exchange, Instant now) {
    return switch (exchange) {
      case Exchange.NotSent(String detail) -> new TokenOutcome.NotSent(detail);
      case Exchange.NoAnswer(String detail) -> new TokenOutcome.NoAnswer(detail);
      case Answered answered -> new AnswerReader(request, answered, now).outcome();
    };
  }

  private TokenOutcome outcome() {
    Optional<Map<String, @Nullable Object>> body =
        answered.extent() == Extent.WHOLE ? AnswerBody.read(answered.body()) : Optional.empty();
    Optional<ErrorCodes> error = body.flatMap(ErrorCodes::in);
    boolean success = answered.status() / 100 == 2 || request.accepts(answered.status());
    if (!success) {
      return failure(error);
    }
    boolean tokens = body.filter(AnswerReader::hasAccessToken).isPresent();
    if (error.isPresent()) {
      return tokens ? unreadable("an error beside an access token") : inside(error.get());
    }
    return body.isPresent() ? success(body.get(), tokens) : unreadable(whyNotRead());
  }

  private TokenOutcome success(Map<String, @Nullable Object> body, boolean tokens) {
    if (!request.accepts(answered.status())) {
      return unreadable("a status the definition does not accept");
    }
    return tokens
        ? new TokenOutcome.Granted(new TokenResponse(body))
        : unreadable("no access token");
  }

  private static boolean hasAccessToken(Map<String, @Nullable Object> body) {
    return body.get(TokenResponse.ACCESS_TOKEN) instanceof String token && !token.isEmpty();
  }

  private String whyNotRead() {
    return switch (answered.extent()) {
      case OVERSIZE -> "body too long";
      case UNDECODABLE -> "unknown or broken content coding";
      case WHOLE -> answered.body().length == 0 ? "empty body" : "neither JSON nor a form";
    };
  }

  private TokenOutcome unreadable(String why) {
    return new TokenOutcome.Unreadable(status() + ", " + why, answered.body());
  }

  /** Not a success by its status. Below 400 and from 500 on, a code in the body proves nothing. */
  private TokenOutcome failure(Optional<ErrorCodes> error) {
    int status = answered.status();
    if (status == 429) {
      return new TokenOutcome.Throttled(detail(error), retryAfter);
    }
    if (status / 100 == 3) {
      return new TokenOutcome.Unavailable(status() + ", redirect not followed", retryAfter);
    }
    return status / 100 == 4 && error.isPresent()
        ? inside(error.get())
        : new TokenOutcome.Unavailable(detail(error), retryAfter);
  }

  private TokenOutcome inside(ErrorCodes error) {
    String detail = detail(Optional.of(error));
    return switch (error.meaning().orElse(ErrorCodes.Meaning.UNAVAILABLE)) {
      case REFUSED -> new TokenOutcome.Refused(detail);
      case THROTTLED -> new TokenOutcome.Throttled(detail, retryAfter);
      case UNAVAILABLE -> new TokenOutcome.Unavailable(detail, retryAfter);
      case MISCONFIGURED -> new TokenOutcome.Misconfigured(detail);
    };
  }

  private String detail(Optional<ErrorCodes> error) {
    return status() + error.flatMap(ErrorCodes::shown).map(code -> " " + code).orElse("");
  }

  private String status() {
    return "HTTP " + answered.status();
  }
}
