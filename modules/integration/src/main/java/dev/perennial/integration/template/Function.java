package dev.perennial.integration.template;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The functions of the language: pure but for the randomness they are given, and bounded. */
public enum Function {
  BASE64("x"),
  SHA256("x"),
  HMAC_SHA256("key", "x"),
  LEFT("x", "n"),
  RANDOM("bytes"),
  UUID(),
  CLAIM("jwt", "name");

  private final int arity;
  private final String parameters;

  Function(String... parameters) {
    this.arity = parameters.length;
    this.parameters = String.join(",", parameters);
  }

  static Optional<Function> of(String name) {
    return Arrays.stream(values()).filter(function -> function.text().equals(name)).findFirst();
  }

  /** As an author writes it. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  int arity() {
    return arity;
  }

  /** E.g. {@code left(x,n)}. */
  String signature() {
    return text() + "(" + parameters + ")";
  }

  static List<String> signatures() {
    return Arrays.stream(values()).map(Function::signature).toList();
  }
}
