package dev.perennial.domain.definition;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A variable that each connection gives, such as the name of a shop.
 *
 * @param id as templates and the admin API name it
 * @param name for people
 * @param description where to find it; may be empty
 * @param secret not to be shown
 * @param required no default, and a template reads it
 * @param defaultValue stands in where the connection gives none
 * @param options the only values there are; empty = any
 */
public record ConnectionVariable(
    String id,
    String name,
    String description,
    boolean secret,
    boolean required,
    @Nullable String defaultValue,
    List<String> options) {
  public ConnectionVariable {
    options = List.copyOf(options);
  }

  /** Without the default: it may be a secret one. */
  @Override
  public String toString() {
    return "ConnectionVariable[" + id + "]";
  }
}
