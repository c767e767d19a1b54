package dev.perennial.domain;

/**
 * Seals and opens bytes for one connection and one purpose. What was sealed for one cannot be
 * opened for another. Thread-safe.
 */
public interface Sealer {

  /** What the bytes are for; part of the associated data. The name is part of the format. */
  enum Purpose {
    /** The token response of a credential. */
    CREDENTIAL,
    /** An authorization code with its verifier, on its way to the exchanger. */
    AUTHORIZATION_CODE,
    /** What ingress remembers between the consent link and the callback. */
    PENDING_AUTHORIZATION,
    /** What a consent link was made for. */
    CONNECT_SESSION,
    /** The raw body of an answer that could not be read. */
    UNREADABLE_ANSWER
  }

  Sealed seal(ConnectionKey key, Purpose purpose, byte[] plain);

  /**
   * Opens what {@link #seal} sealed for the same connection and purpose.
   *
   * @throws UnsealableException where no key of the ring opens it for this connection and purpose
   */
  byte[] open(ConnectionKey key, Purpose purpose, Sealed sealed);

  /** The bytes were sealed with a key we do not hold, for something else, or were changed. */
  final class UnsealableException extends RuntimeException {
    public UnsealableException(String message) {
      super(message);
    }

    public UnsealableException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
