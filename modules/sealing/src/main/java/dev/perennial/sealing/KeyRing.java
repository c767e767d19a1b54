package dev.perennial.sealing;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Seals with the primary key of a ring and opens with any of its keys. A Tink keyset of AES-256-GCM
 * keys, kept as Tink's JSON in the clear: whoever can read that file can open everything.
 * Thread-safe, immutable.
 *
 * <p>The sealed format, byte by byte; all that was ever written stays readable:
 *
 * <pre>
 *  0        format, 0x01
 *  1        Tink's prefix, 0x01
 *  2 -  5   id of the key, big-endian
 *  6 - 17   initialization vector, random
 * 18 - n    ciphertext, as long as the plain bytes
 *  n - n+16 authentication tag (AES-256-GCM, NIST SP 800-38D)
 * </pre>
 *
 * <p>The associated data, which bind the bytes to what they are for:
 *
 * <pre>
 * "perennial" 0x00 purpose 0x00 integration "/" connection
 * </pre>
 *
 * <p>in UTF-8, the purpose in lower case as named in {@link dev.perennial.domain.Sealer.Purpose},
 * e.g. {@code credential}. No part can hold a zero byte and an integration no slash, so no two
 * bindings share their bytes.
 */
public final class KeyRing implements Sealer {

  /** The most plain bytes that are sealed: a body of 1 MiB, merged with what was there before. */
  public static final int MAX_PLAIN_BYTES = 4 << 20;

  /** How much longer the sealed bytes are than the plain ones. */
  public static final int OVERHEAD_BYTES = 1 + 1 + 4 + 12 + 16;

  private static final byte FORMAT = 1;
  private static final byte TINK_PREFIX = 1;
  private static final int MAX_FILE_BYTES = 1 << 20;
  private static final String HELP =
      "Restore it from your backup; only where nothing was sealed yet, make one: perennial keys"
          + " new";

  private final KeysetHandle keys;
  private final Aead aead;

  private KeyRing(KeysetHandle keys) throws GeneralSecurityException {
    this.keys = keys;
    this.aead = keys.getPrimitive(AeadConfig2026.get(), Aead.class);
  }

  /** A new ring of one key, as {@link #read} takes it. The text is the secret of all secrets. */
  public static String generate() {
    return write(KeysetHandle.newBuilder().addEntry(newKey()));
  }

  /**
   * The ring in a file.
   *
   * @throws KeyRingException where the file cannot be read or holds no ring
   */
  public static KeyRing load(Path file) {
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new KeyRingException("key ring " + file + ": too long for a key ring. " + HELP);
      }
      return read(Files.readString(file), "key ring " + file);
    } catch (IOException e) {
      throw new KeyRingException(
          "key ring " + file + ": cannot be read (" + e.getClass().getSimpleName() + "). " + HELP);
    }
  }

  /**
   * The ring in a text, as {@link #generate} and {@link #rotate} make it.
   *
   * @throws KeyRingException where the text is no ring of AES-256-GCM keys
   */
  public static KeyRing read(String json) {
    return read(json, "key ring");
  }

  private static KeyRing read(String json, String name) {
    try {
      KeysetHandle keys =
          TinkJsonProtoKeysetFormat.parseKeyset(
              json, AeadConfig2026.get(), InsecureSecretKeyAccess.get());
      if (!onlyAes256Gcm(keys)) {
        throw new KeyRingException(name + ": holds a key that is not AES-256-GCM. " + HELP);
      }
      return new KeyRing(keys);
    } catch (GeneralSecurityException e) {
      // Tink's message may repeat the text, which may be a ring with one character too many.
      throw new KeyRingException(name + ": not a Tink keyset in JSON. " + HELP);
    }
  }

  private static boolean onlyAes256Gcm(KeysetHandle keys) {
    return entries(keys)
        .allMatch(key -> key.getKey().getParameters().equals(PredefinedAeadParameters.AES256_GCM));
  }

  /**
   * This ring with a new key added, which seals from then on; what the old keys sealed still opens.
   * The ring itself does not change.
   *
   * @return as {@link #read} takes it
   */
  public String rotate() {
    return write(KeysetHandle.newBuilder(keys).addEntry(newKey()));
  }

  private static KeysetHandle.Builder.Entry newKey() {
    return KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
        .withRandomId()
        .makePrimary();
  }

  private static String write(KeysetHandle.Builder keys) {
    try {
      return TinkJsonProtoKeysetFormat.serializeKeyset(
          keys.setConfiguration(AeadConfig2026.get()).build(),
          AeadConfig2026.get(),
          InsecureSecretKeyAccess.get());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-256-GCM keys cannot be made or written here", e);
    }
  }

  @Override
  public Sealed seal(ConnectionKey key, Purpose purpose, byte[] plain) {
    if (plain.length > MAX_PLAIN_BYTES) {
      throw new IllegalArgumentException(
          key + ": " + plain.length + " bytes to seal, at most " + MAX_PLAIN_BYTES);
    }
    try {
      byte[] encrypted = aead.encrypt(plain, associatedData(key, purpose));
      return Sealed.of(
          ByteBuffer.allocate(1 + encrypted.length).put(FORMAT).put(encrypted).array());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(key + ": cannot seal as " + name(purpose), e);
    }
  }

  @Override
  public byte[] open(ConnectionKey key, Purpose purpose, Sealed sealed) {
    byte[] bytes = sealed.bytes();
    if (!hasForm(bytes)) {
      throw new UnsealableException(
          what(key, purpose) + "these " + bytes.length + " bytes are not of our sealed format");
    }
    if (!keyIds().contains(keyId(bytes))) {
      throw new UnsealableException(
          what(key, purpose)
              + "sealed with key "
              + keyId(bytes)
              + ", and this ring holds "
              + keyIds()
              + ". Give this process the ring that holds it");
    }
    try {
      return aead.decrypt(Arrays.copyOfRange(bytes, 1, bytes.length), associatedData(key, purpose));
    } catch (GeneralSecurityException e) {
      throw new UnsealableException(
          what(key, purpose)
              + "key "
              + keyId(bytes)
              + " of "
              + keyIds()
              + " does not open it: changed, or sealed for another connection or purpose",
          e);
    }
  }

  /** Which key sealed these bytes, as an unsigned number; empty where they are not our format. */
  public static OptionalLong keyIdOf(Sealed sealed) {
    byte[] bytes = sealed.bytes();
    return hasForm(bytes) ? OptionalLong.of(keyId(bytes)) : OptionalLong.empty();
  }

  /** The ids of the keys that open, as unsigned numbers, in the ring's order. */
  public List<Long> keyIds() {
    return entries(keys)
        .filter(key -> key.getStatus().equals(KeyStatus.ENABLED))
        .map(key -> Integer.toUnsignedLong(key.getId()))
        .toList();
  }

  /** The id of the key that seals. What has another id is due for re-sealing. */
  public long primaryKeyId() {
    return Integer.toUnsignedLong(keys.getPrimary().getId());
  }

  private static Stream<KeysetHandle.Entry> entries(KeysetHandle keys) {
    return IntStream.range(0, keys.size()).mapToObj(keys::getAt);
  }

  /** Bounds first: nothing else is read before the length is known to be possible. */
  private static boolean hasForm(byte[] bytes) {
    return bytes.length >= OVERHEAD_BYTES
        && bytes.length <= OVERHEAD_BYTES + MAX_PLAIN_BYTES
        && bytes[0] == FORMAT
        && bytes[1] == TINK_PREFIX;
  }

  private static long keyId(byte[] bytes) {
    return Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt(2));
  }

  private static byte[] associatedData(ConnectionKey key, Purpose purpose) {
    return ("perennial\0" + name(purpose) + "\0" + key).getBytes(StandardCharsets.UTF_8);
  }

  private static String name(Purpose purpose) {
    return purpose.name().toLowerCase(Locale.ROOT);
  }

  private static String what(ConnectionKey key, Purpose purpose) {
    return key + ": cannot open what should be its " + name(purpose) + ": ";
  }

  /** The ids and nothing else. */
  @Override
  public String toString() {
    return "KeyRing" + keyIds();
  }
}
