package dev.perennial.sealing;

/**
 * Something that should be a key ring is none, or cannot be read as one. The message says which,
 * what is wrong with it and what to do, and never repeats its content.
 */
public class KeyRingException extends RuntimeException {
  KeyRingException(String message) {
    super(message);
  }

  KeyRingException(String message, Throwable cause) {
    super(message, cause);
  }
}
