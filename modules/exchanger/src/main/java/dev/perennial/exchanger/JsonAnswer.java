package dev.perennial.exchanger;

import dev.perennial.event.JsonObjects;
import dev.perennial.event.MalformedJsonException;
import dev.perennial.exchanger.Exchange.Answered;
import dev.perennial.exchanger.Exchange.Extent;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The JSON object in an answer, and what may be said of an answer that is no use. */
final class JsonAnswer {
  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

  private JsonAnswer() {}

  /** Empty where the body is not whole, or anything else. */
  static Optional<Map<String, @Nullable Object>> read(Answered answered) {
    if (answered.extent() != Extent.WHOLE) {
      return Optional.empty();
    }
    try {
      return Optional.of(JsonObjects.read(answered.body()));
    } catch (MalformedJsonException e) {
      return Optional.empty();
    }
  }

  /** The code under {@code error}, as RFC 6749 section 5.2 has it; empty without a plain one. */
  static Optional<String> errorCode(Answered answered) {
    return read(answered)
        .filter(body -> body.get("error") instanceof String)
        .map(body -> String.valueOf(body.get("error")))
        .filter(code -> CODE.matcher(code).matches());
  }

  /** Why an exchange brought nothing: the status and an error code, or how the transport failed. */
  static String describe(Exchange exchange) {
    return switch (exchange) {
      case Exchange.NotSent(String detail) -> detail;
      case Exchange.NoAnswer(String detail) -> detail;
      case Answered answered ->
          "HTTP " + answered.status() + errorCode(answered).map(code -> " " + code).orElse("");
    };
  }
}
