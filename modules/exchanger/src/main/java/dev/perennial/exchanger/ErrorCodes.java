package dev.perennial.exchanger;

import dev.perennial.domain.definition.AnswerShape;
import dev.perennial.domain.definition.ErrorMeaning;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The error inside an answer (RFC 6749 section 5.2), whatever the HTTP status says: {@code error}
 * as a code or as an object with one, or a value that a success would not have. Looked for under
 * the shape's root and at the top, since providers wrap their tokens and not always their errors.
 *
 * @param codes in the order they are believed; may be empty, then there is an error without a code
 */
record ErrorCodes(List<String> codes) {
  private static final Pattern SHOWN = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

  /** They say that something is wrong, and not what. */
  private static final Set<String> FLAGS = Set.of("true", "false");

  /** What a known code means; what is not here is not understood, and never ends a grant. */
  private static final Map<String, ErrorMeaning> KNOWN =
      Map.of(
          "invalid_grant", ErrorMeaning.REFUSED,
          "invalid_client", ErrorMeaning.MISCONFIGURED,
          "unauthorized_client", ErrorMeaning.MISCONFIGURED,
          "unsupported_grant_type", ErrorMeaning.MISCONFIGURED,
          "invalid_scope", ErrorMeaning.MISCONFIGURED,
          "slow_down", ErrorMeaning.THROTTLED,
          "temporarily_unavailable", ErrorMeaning.UNAVAILABLE,
          "server_error", ErrorMeaning.UNAVAILABLE);

  ErrorCodes {
    codes = List.copyOf(codes);
  }

  /**
   * Empty where the answer has no error in it. A code alone makes none of a success: what a
   * definition names as its place may stand in good answers too.
   */
  static Optional<ErrorCodes> in(Object answer, AnswerShape shape, boolean success) {
    Object root = Paths.at(answer, shape.root());
    List<String> codes = new ArrayList<>();
    boolean found = error(codes, answer, shape);
    if (!shape.root().isEmpty()) {
      found |= error(codes, root, shape);
    }
    found |= mismatch(codes, answer, root, shape.success());
    return found || (!success && !codes.isEmpty())
        ? Optional.of(new ErrorCodes(codes))
        : Optional.empty();
  }

  /** The member {@code error} says that there is one; a code may lie elsewhere. */
  private static boolean error(List<String> codes, @Nullable Object answer, AnswerShape shape) {
    shape.error().forEach(path -> add(codes, Paths.at(answer, path)));
    return answer instanceof Map<?, ?> object && isError(object.get("error"));
  }

  /** A value that is there must be the listed one. */
  private static boolean mismatch(
      List<String> codes,
      @Nullable Object answer,
      @Nullable Object root,
      Map<List<String>, String> success) {
    boolean found = false;
    for (List<String> path : inOrder(success.keySet())) {
      Object under = Paths.at(root, path);
      Object value = under == null ? Paths.at(answer, path) : under;
      if (value != null && !text(value).equals(success.get(path))) {
        found = true;
        add(codes, value instanceof Boolean ? text(value) : value);
      }
    }
    return found;
  }

  /** The same at every run, so that the same answer has the same first code. */
  private static Collection<List<String>> inOrder(Set<List<String>> paths) {
    return paths.size() < 2
        ? paths
        : paths.stream().sorted(Comparator.comparing(List::toString)).toList();
  }

  private static void add(List<String> codes, @Nullable Object code) {
    if ((code instanceof String text && !text.isEmpty()) || code instanceof Number) {
      codes.add(text(code));
    }
  }

  private static String text(Object value) {
    return value instanceof BigDecimal number ? number.toPlainString() : value.toString();
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

  /** What the first known code means by itself. */
  Optional<ErrorMeaning> meaning() {
    return codes.stream().filter(KNOWN::containsKey).findFirst().map(KNOWN::get);
  }

  /** What the definition says of the first code it knows; the status is the last of them. */
  static Optional<ErrorMeaning> said(AnswerShape shape, Optional<ErrorCodes> error, int status) {
    List<String> all = new ArrayList<>(error.map(ErrorCodes::codes).orElse(List.of()));
    all.add(Integer.toString(status));
    return all.stream().filter(shape.errors()::containsKey).findFirst().map(shape.errors()::get);
  }

  /** The code to be shown; empty where there is none that is surely a code. */
  Optional<String> shown() {
    return codes.stream()
        .filter(code -> !FLAGS.contains(code) && SHOWN.matcher(code).matches())
        .findFirst();
  }
}
