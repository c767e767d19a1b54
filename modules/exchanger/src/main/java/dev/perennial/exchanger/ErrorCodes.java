package dev.perennial.exchanger;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The error inside an answer (RFC 6749 section 5.2), whatever the HTTP status says: {@code error}
 * as a code or as an object with one, or {@code ok} that is not true.
 *
 * @param codes in the order they are believed; may be empty, then there is an error without a code
 */
record ErrorCodes(List<String> codes) {
  private static final Pattern SHOWN = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

  /** What a known code means; what is not here is not understood, and never ends a grant. */
  enum Meaning {
    REFUSED,
    THROTTLED,
    UNAVAILABLE,
    MISCONFIGURED
  }

  private static final Map<String, Meaning> KNOWN =
      Map.of(
          "invalid_grant", Meaning.REFUSED,
          "invalid_client", Meaning.MISCONFIGURED,
          "unauthorized_client", Meaning.MISCONFIGURED,
          "unsupported_grant_type", Meaning.MISCONFIGURED,
          "invalid_scope", Meaning.MISCONFIGURED,
          "slow_down", Meaning.THROTTLED,
          "temporarily_unavailable", Meaning.UNAVAILABLE,
          "server_error", Meaning.UNAVAILABLE);

  ErrorCodes {
    codes = List.copyOf(codes);
  }

  /** Empty where the answer has no error in it. */
  static Optional<ErrorCodes> in(Map<String, @Nullable Object> answer) {
    Object error = answer.get("error");
    List<String> codes = new ArrayList<>();
    add(codes, error);
    if (error instanceof Map<?, ?> object) {
      add(codes, object.get("code"));
      add(codes, object.get("type"));
    }
    return isError(error) || isNotOk(answer.get("ok"))
        ? Optional.of(new ErrorCodes(codes))
        : Optional.empty();
  }

  private static void add(List<String> codes, @Nullable Object code) {
    if ((code instanceof String text && !text.isEmpty()) || code instanceof Number) {
      codes.add(code.toString());
    }
  }

  /** Some answers carry an empty error beside their tokens. */
  private static boolean isError(@Nullable Object error) {
    return switch (error) {
      case null -> false;
      case String text -> !text.isEmpty();
      case Boolean flag -> flag;
      case Number number -> number.intValue() != 0;
      case Map<?, ?> object -> !object.isEmpty();
      case List<?> list -> !list.isEmpty();
      default -> true;
    };
  }

  private static boolean isNotOk(@Nullable Object ok) {
    return ok != null && !ok.toString().equals("true");
  }

  /** What the first known code means. */
  Optional<Meaning> meaning() {
    return codes.stream().filter(KNOWN::containsKey).findFirst().map(KNOWN::get);
  }

  /** The code to be shown; empty where there is none that is surely a code. */
  Optional<String> shown() {
    return codes.stream().findFirst().filter(code -> SHOWN.matcher(code).matches());
  }
}
