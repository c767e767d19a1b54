package dev.perennial.stream;

/**
 * A record that can never be handled. The message is its reason on the dead-letter topic and in the
 * log: never a secret, never data of the record.
 */
public final class PoisonException extends RuntimeException {
  public PoisonException(String reason) {
    super(reason);
  }
}
