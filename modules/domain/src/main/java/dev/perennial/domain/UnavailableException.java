package dev.perennial.domain;

/**
 * Something we stand on (Redis, Kafka) did not answer. Nothing is wrong with the request: whoever
 * catches it waits and tries again. The message names what was asked and where, never a secret.
 */
public sealed class UnavailableException extends RuntimeException permits NotReadyException {
  public UnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  public UnavailableException(String message) {
    super(message);
  }
}
