package dev.perennial.sealing;

/** The KMS that a key ring is encrypted with does not answer now: trying again may help. */
public final class KmsAwayException extends KeyRingException {
  KmsAwayException(String message, Throwable cause) {
    super(message, cause);
  }
}
