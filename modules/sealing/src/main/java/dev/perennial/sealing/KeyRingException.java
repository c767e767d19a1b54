package dev.perennial.sealing;

/**
 * Something that should be a key ring is none. The message says which file, what is wrong with it
 * and what to do, and never repeats its content.
 */
public final class KeyRingException extends RuntimeException {
  KeyRingException(String message) {
    super(message);
  }
}
