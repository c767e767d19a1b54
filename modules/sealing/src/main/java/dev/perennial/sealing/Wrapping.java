package dev.perennial.sealing;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a ring is written down: as Tink's JSON keyset in the clear, so that whoever can read it can
 * open everything; or as Tink's encrypted keyset, which only opens with a key that never leaves its
 * KMS. The associated data of the latter are empty, as those of Google's {@code tinkey}.
 * Thread-safe.
 */
public final class Wrapping {
  /** In the clear. */
  public static final Wrapping NONE = new Wrapping(null, "");

  private static final int MAX_BYTES = 1 << 20;
  private static final byte[] NO_ASSOCIATED_DATA = new byte[0];
  private static final String HELP =
      "Restore it from your backup; only where nothing was sealed yet, make one: perennial keys"
          + " new";

  private final @Nullable Aead kms;
  private final String uri;

  private Wrapping(@Nullable Aead kms, String uri) {
    this.kms = kms;
    this.uri = uri;
  }

  /**
   * Encrypted with a key of a KMS; found among the {@link com.google.crypto.tink.KmsClient}s on the
   * class path, with the credentials that its own library finds. Says nothing to the KMS yet.
   *
   * @param uri as Tink writes it, e.g. {@code aws-kms://arn:aws:kms:eu-west-1:…:key/…}
   * @throws KeyRingException where nothing on the class path knows such URIs, or it is none
   */
  public static Wrapping kms(String uri) {
    return new Wrapping(KmsClients.aead(uri), uri);
  }

  /** With this in place of a KMS. */
  static Wrapping with(Aead kms, String uri) {
    return new Wrapping(kms, uri);
  }

  /**
   * The ring in a file.
   *
   * @throws KmsAwayException where the KMS does not answer now
   * @throws KeyRingException where the file cannot be read or holds no ring of this kind
   */
  public KeyRing load(Path file) {
    return read(text(file), name(file));
  }

  static String name(Path file) {
    return "key ring " + file;
  }

  /** What stands in the file. */
  static String text(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new KeyRingException(name(file) + ": too long for a key ring. " + HELP);
      }
      return utf8(bytes);
    } catch (IOException e) {
      throw new KeyRingException(
          name(file) + ": cannot be read (" + e.getClass().getSimpleName() + "). " + HELP);
    }
  }

  private static String utf8(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  /**
   * The ring in a text.
   *
   * @param name of the ring in messages
   * @throws KmsAwayException where the KMS does not answer now
   * @throws KeyRingException where the text is no ring of this kind
   */
  public KeyRing read(String text, String name) {
    KeysetHandle keys = kms == null ? inTheClear(text, name) : decrypted(kms, text, name);
    if (!Keysets.onlyAes256Gcm(keys)) {
      throw new KeyRingException(name + ": holds a key that is not AES-256-GCM. " + HELP);
    }
    try {
      return new KeyRing(keys);
    } catch (GeneralSecurityException e) {
      throw new KeyRingException(name + ": not a Tink keyset in JSON. " + HELP);
    }
  }

  private static KeysetHandle inTheClear(String text, String name) {
    if (isEncrypted(text)) {
      throw new KeyRingException(
          name
              + ": not a Tink keyset in JSON in the clear, but one that the key of a KMS encrypts;"
              + " set keys.kms-uri to say which. "
              + HELP);
    }
    try {
      return TinkJsonProtoKeysetFormat.parseKeyset(
          text, AeadConfig2026.get(), InsecureSecretKeyAccess.get());
    } catch (GeneralSecurityException e) {
      // Tink's message may repeat the text, which may be a ring with one character too many.
      throw new KeyRingException(name + ": not a Tink keyset in JSON. " + HELP);
    }
  }

  private KeysetHandle decrypted(Aead aead, String text, String name) {
    if (!isEncrypted(text)) {
      throw new KeyRingException(
          name
              + ": not encrypted, and keys.kms-uri says that it should be. Encrypt it with"
              + " perennial keys wrap");
    }
    try {
      return TinkJsonProtoKeysetFormat.parseEncryptedKeyset(
          text, aead, NO_ASSOCIATED_DATA, AeadConfig2026.get());
    } catch (KmsUnreachableException e) {
      throw away(name, e);
    } catch (GeneralSecurityException e) {
      throw new KeyRingException(
          name
              + ": "
              + uri
              + " does not decrypt it ("
              + Objects.toString(e.getMessage(), "")
              + "). Is it the key it was encrypted with, and may this process use it?",
          e);
    }
  }

  /** Members of Tink's EncryptedKeyset; a keyset in the clear has none of this name. */
  private static boolean isEncrypted(String text) {
    return text.contains("\"encryptedKeyset\"");
  }

  /**
   * The ring as {@link #read} takes it.
   *
   * @throws KmsAwayException where the KMS does not answer now
   * @throws KeyRingException where it refuses
   */
  public String write(KeyRing ring) {
    try {
      return kms == null
          ? TinkJsonProtoKeysetFormat.serializeKeyset(
              ring.handle(), AeadConfig2026.get(), InsecureSecretKeyAccess.get())
          : TinkJsonProtoKeysetFormat.serializeEncryptedKeyset(
              ring.handle(), kms, NO_ASSOCIATED_DATA, AeadConfig2026.get());
    } catch (KmsUnreachableException e) {
      throw away("key ring", e);
    } catch (GeneralSecurityException e) {
      throw new KeyRingException(
          uri + " does not encrypt the key ring (" + Objects.toString(e.getMessage(), "") + ")", e);
    }
  }

  private KmsAwayException away(String name, KmsUnreachableException e) {
    return new KmsAwayException(
        name
            + ": waits for "
            + uri
            + ", which does not answer ("
            + Objects.toString(e.getMessage(), "")
            + ")",
        e);
  }

  /** The URI of the KMS's key; in the clear where there is none. */
  @Override
  public String toString() {
    return kms == null ? "in the clear" : "encrypted with " + uri;
  }
}
