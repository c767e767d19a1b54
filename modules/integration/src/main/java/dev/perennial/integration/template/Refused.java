package dev.perennial.integration.template;

/**
 * Ends a rendering from inside FreeMarker, which lets unchecked exceptions through. The message
 * names no value. Without a stack trace: it never leaves {@link CompiledText}.
 */
final class Refused extends RuntimeException {
  Refused(String reason) {
    super(reason, null, false, false);
  }
}
