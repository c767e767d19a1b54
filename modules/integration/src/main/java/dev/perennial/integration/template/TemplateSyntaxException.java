package dev.perennial.integration.template;

/** A text is not a template. The message says where in the text and why. */
public final class TemplateSyntaxException extends Exception {
  TemplateSyntaxException(int offset, String reason) {
    super("at character " + (offset + 1) + " of the text: " + reason);
  }
}
