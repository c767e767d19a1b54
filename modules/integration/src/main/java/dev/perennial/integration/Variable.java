package dev.perennial.integration;

import dev.perennial.integration.document.Place;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A value that the operator gives to an integration, such as the client id, or that each connection
 * gives, such as the name of a shop. Immutable.
 *
 * @param id as templates name it
 * @param name for people; the id where the definition says nothing
 * @param description may be empty
 * @param secret not to be shown
 * @param perConnection each connection gives it, and not the operator
 * @param required a template reads it and says no default
 * @param defaultValue stands in where none is given
 * @param pattern the whole value must match
 * @param options the only values there are; empty = any
 * @param at where it is declared, or first used
 */
public record Variable(
    String id,
    String name,
    String description,
    boolean secret,
    boolean perConnection,
    boolean required,
    @Nullable String defaultValue,
    @Nullable Pattern pattern,
    List<String> options,
    Place at) {

  private static final int MAX_VALUE = 64 * 1024;

  public Variable {
    options = List.copyOf(options);
  }

  /** Undeclared: where there is no form, what is used is required and secret. */
  static Variable used(String id, boolean required, Place at) {
    return new Variable(id, id, "", true, false, required, null, null, List.of(), at);
  }

  Variable required(boolean needed) {
    return new Variable(
        id, name, description, secret, perConnection, needed, defaultValue, pattern, options, at);
  }

  /** What the operator sets, e.g. {@code PERENNIAL_GOOGLE_CLIENT_ID}. */
  public String environmentName(String slug) {
    return Variables.variableName(slug, id);
  }

  /** Why a value cannot be used, without the value. */
  Optional<String> refuse(String value) {
    if (value.length() > MAX_VALUE) {
      return Optional.of("is longer than " + MAX_VALUE + " characters");
    }
    if (!options.isEmpty() && !options.contains(value)) {
      return Optional.of("must be one of " + String.join(", ", options));
    }
    if (pattern != null && !BoundedText.matches(pattern, value)) {
      return Optional.of("must match " + pattern.pattern());
    }
    return Optional.empty();
  }

  /** Without the default: it may be a secret one. */
  @Override
  public String toString() {
    return "Variable[" + id + "]";
  }
}
