package dev.perennial.sealing;

import java.security.GeneralSecurityException;

/**
 * What the {@link com.google.crypto.tink.Aead} of a KMS throws where the KMS does not answer, or
 * answers that it cannot now: trying again may help. Any other {@link GeneralSecurityException} of
 * one is its last word.
 */
public final class KmsUnreachableException extends GeneralSecurityException {
  /**
   * @param message without secrets; names the KMS
   */
  public KmsUnreachableException(String message, Throwable cause) {
    super(message, cause);
  }
}
