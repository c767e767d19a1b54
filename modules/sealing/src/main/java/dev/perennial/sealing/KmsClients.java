package dev.perennial.sealing;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import java.security.GeneralSecurityException;
import java.util.Objects;
import java.util.ServiceLoader;

/**
 * The KMS integrations on the class path. The interface between us and a KMS is Tink's own {@link
 * KmsClient}, found by {@link ServiceLoader}: {@code modules/kms-aws} is one, and every integration
 * that Google publishes for Tink is one too.
 */
final class KmsClients {
  private KmsClients() {}

  /**
   * @throws KeyRingException where nothing knows such URIs, or it is none
   */
  static Aead aead(String uri) {
    try {
      for (KmsClient client : ServiceLoader.load(KmsClient.class)) {
        if (client.doesSupport(uri)) {
          return client.withDefaultCredentials().getAead(uri);
        }
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new KeyRingException(
          "keys.kms-uri " + uri + ": " + Objects.toString(e.getMessage(), ""), e);
    }
    throw new KeyRingException(
        "keys.kms-uri "
            + uri
            + ": nothing here knows such a KMS. Put its module on the class path (docs/keys.md),"
            + " e.g. kms-aws for aws-kms://");
  }
}
