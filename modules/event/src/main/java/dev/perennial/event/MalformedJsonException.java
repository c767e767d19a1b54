package dev.perennial.event;

/**
 * Bytes that are not one JSON object within the limits. The message says where and of which kind
 * the fault is, and never repeats what stands there, since it may be a token.
 */
public final class MalformedJsonException extends Exception {
  MalformedJsonException(String message) {
    super(message);
  }
}
