package dev.perennial.domain.definition;

/**
 * A template could not be rendered: a value is missing, or may not stand where the template puts
 * it. The message names the integration, the template's place in the definition and the name in
 * question, never a value.
 */
public final class RenderingException extends RuntimeException {
  public RenderingException(String message) {
    super(message);
  }
}
