package dev.perennial.e2e;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.KmsClient;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import dev.perennial.sealing.KmsUnreachableException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A KMS in this JVM for URIs such as {@code e2e-kms://one}, found as Tink's integrations are. */
public final class TestKms implements KmsClient {
  private static final String SCHEME = "e2e-kms://";
  private static final Map<String, Aead> KEYS = new ConcurrentHashMap<>();

  /** How many more requests are not answered. */
  static final AtomicInteger AWAY = new AtomicInteger();

  @Override
  public boolean doesSupport(String uri) {
    return uri.startsWith(SCHEME);
  }

  @Override
  public KmsClient withCredentials(String path) {
    return this;
  }

  @Override
  public KmsClient withDefaultCredentials() {
    return this;
  }

  @Override
  public Aead getAead(String uri) {
    return new Remote(KEYS.computeIfAbsent(uri, _ -> key()));
  }

  private static Aead key() {
    try {
      return KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, AeadConfig2026.get())
          .getPrimitive(AeadConfig2026.get(), Aead.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private record Remote(Aead key) implements Aead {
    @Override
    public byte[] encrypt(byte[] plaintext, byte[] associatedData) throws GeneralSecurityException {
      asked();
      return key.encrypt(plaintext, associatedData);
    }

    @Override
    public byte[] decrypt(byte[] ciphertext, byte[] associatedData)
        throws GeneralSecurityException {
      asked();
      return key.decrypt(ciphertext, associatedData);
    }

    private static void asked() throws GeneralSecurityException {
      if (AWAY.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new KmsUnreachableException("nobody answers", new IOException("timed out"));
      }
    }
  }
}
