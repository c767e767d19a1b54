package dev.perennial.exchanger;

import dev.perennial.domain.credential.TokenOutcome;
import dev.perennial.domain.definition.ErrorMeaning;
import dev.perennial.domain.definition.TokenRequest;
import dev.perennial.exchanger.Exchange.Answered;
import dev.perennial.exchanger.Exchange.Extent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
  private final Expected expected;
  private final @Nullable Duration retryAfter;

  private AnswerReader(TokenRequest request, Answered answered, Expected expected, Instant now) {
    this.request = request;
    this.answered = answered;
    this.expected = expected;
    this.retryAfter = RetryAfter.read(answered.retryAfter(), now);
  }

  /**
   * @param now for a Retry-After that is a date
   */
  static Answer read(TokenRequest request, Exchange exchange, Expected expected, Instant now) {
    return switch (exchange) {
      case Exchange.NotSent(String detail) -> Answer.Bad.of(new TokenOutcome.NotSent(detail));
      case Exchange.NoAnswer(String detail) -> Answer.Bad.of(new TokenOutcome.NoAnswer(detail));
      case Answered answered -> read(request, answered, expected, now);
    };
  }

  private static Answer read(
      TokenRequest request, Answered answered, Expected expected, Instant now) {
    AnswerReader reader = new AnswerReader(request, answered, expected, now);
    try {
      return reader.answer();
    } catch (RuntimeException e) { // whatever is wrong with us, the answer must not be lost
      return reader.unreadable(e.getClass().getSimpleName());
    }
  }

  private Answer answer() {
    Optional<Object> body =
        answered.extent() == Extent.WHOLE
            ? AnswerBody.read(answered.body(), expected.list())
            : Optional.empty();
    boolean success = answered.status() / 100 == 2 || request.accepts(answered.status());
    Optional<ErrorCodes> error =
        body.flatMap(read -> ErrorCodes.in(read, expected.shape(), success));
    if (!success) {
      return new Answer.Bad(failure(error), codes(error));
    }
    if (error.isPresent()) {
      return expected.bringsTokens() && body.filter(expected::hasToken).isPresent()
          ? unreadable("an error beside an access token")
          : new Answer.Bad(inside(error), codes(error));
    }
    return body.isPresent() ? success(body.get()) : unreadable(whyNotRead());
  }

  private Answer success(Object body) {
    if (!request.accepts(answered.status())) {
      return unreadable("a status the definition does not accept");
    }
    return expected.met(body) ? new Answer.Good(body) : unreadable("no access token");
  }

  private String whyNotRead() {
    return switch (answered.extent()) {
      case OVERSIZE -> "body too long";
      case UNDECODABLE -> "unknown or broken content coding";
      case WHOLE -> answered.body().length == 0 ? "empty body" : "neither JSON nor a form";
    };
  }

  private Answer unreadable(String why) {
    return Answer.Bad.of(new TokenOutcome.Unreadable(status() + ", " + why, answered.body()));
  }

  /**
   * Not a success by its status. Below 400 a code proves nothing; from 500 on only the definition
   * is believed, and not that a grant is over.
   */
  private TokenOutcome failure(Optional<ErrorCodes> error) {
    int status = answered.status();
    if (status / 100 == 4) {
      return status == 429 && said(error).isEmpty()
          ? new TokenOutcome.Throttled(detail(error), retryAfter)
          : inside(error);
    }
    if (status / 100 == 3) {
      return new TokenOutcome.Unavailable(status() + ", redirect not followed", retryAfter);
    }
    Optional<ErrorMeaning> said = said(error).filter(meaning -> meaning != ErrorMeaning.REFUSED);
    return outcome(said.orElse(ErrorMeaning.UNAVAILABLE), error);
  }

  private TokenOutcome inside(Optional<ErrorCodes> error) {
    ErrorMeaning meaning =
        said(error).or(() -> error.flatMap(ErrorCodes::meaning)).orElse(ErrorMeaning.UNAVAILABLE);
    return outcome(meaning, error);
  }

  private TokenOutcome outcome(ErrorMeaning meaning, Optional<ErrorCodes> error) {
    String detail = detail(error);
    return switch (meaning) {
      case REFUSED -> new TokenOutcome.Refused(detail);
      case THROTTLED -> new TokenOutcome.Throttled(detail, retryAfter);
      case UNAVAILABLE -> new TokenOutcome.Unavailable(detail, retryAfter);
      case MISCONFIGURED -> new TokenOutcome.Misconfigured(detail);
    };
  }

  private Optional<ErrorMeaning> said(Optional<ErrorCodes> error) {
    return ErrorCodes.said(expected.shape(), error, answered.status());
  }

  private static List<String> codes(Optional<ErrorCodes> error) {
    return error.map(ErrorCodes::codes).orElse(List.of());
  }

  private String detail(Optional<ErrorCodes> error) {
    return status() + error.flatMap(ErrorCodes::shown).map(code -> " " + code).orElse("");
  }

  private String status() {
    return "HTTP " + answered.status();
  }
}
