package dev.perennial.sealing;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.AeadConfig2026;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer;
import dev.perennial.sealing.RingKey.State;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Seals with the primary key of a ring and opens with any of its keys. A Tink keyset of AES-256-GCM
 * keys. {@link Wrapping} says how it is written down. Thread-safe, immutable.
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

  private final KeysetHandle keys;
  private final Aead aead;
  private final List<Long> opening;

  KeyRing(KeysetHandle keys) throws GeneralSecurityException {
    this.keys = keys;
    this.aead = keys.getPrimitive(AeadConfig2026.get(), Aead.class);
    this.opening =
        Keysets.keys(keys).stream()
            .filter(key -> key.state() != State.DISABLED)
            .map(RingKey::id)
            .toList();
  }

  /** A new ring of one key. */
  public static KeyRing ofNewKey() {
    return Keysets.ofNewKey();
  }

  /** A new ring of one key in the clear, as {@link #read} takes it: the secret of all secrets. */
  public static String generate() {
    return ofNewKey().text();
  }

  /**
   * The ring in a file, in the clear.
   *
   * @throws KeyRingException where the file cannot be read or holds no ring
   */
  public static KeyRing load(Path file) {
    return Wrapping.NONE.load(file);
  }

  /**
   * The ring in a text, in the clear.
   *
   * @throws KeyRingException where the text is no ring of AES-256-GCM keys
   */
  public static KeyRing read(String json) {
    return Wrapping.NONE.read(json, "key ring");
  }

  /** In the clear, as {@link #read} takes it: the secret of all secrets. */
  public String text() {
    return Wrapping.NONE.write(this);
  }

  /**
   * This ring with a new key added, which seals from then on; what the old keys sealed still opens.
   * For a ring that one process alone holds: others cannot open what the new key seals before they
   * have it. The ring itself does not change.
   *
   * @return as {@link #read} takes it
   */
  public String rotate() {
    KeyRing with = withNewKey();
    return with.withPrimary(with.keys().get(with.keys().size() - 1).id()).text();
  }

  /** The same with a new key at the end that opens, and does not seal yet. */
  public KeyRing withNewKey() {
    return Keysets.withNewKey(keys);
  }

  /**
   * The same with another key that seals.
   *
   * @throws IllegalArgumentException where there is no such key, or it is disabled
   */
  public KeyRing withPrimary(long id) {
    requireState(id, State.ENABLED, State.PRIMARY);
    return Keysets.with(keys, id, KeysetHandle.Builder.Entry::makePrimary);
  }

  /**
   * The same with a key that does not open any more, and can be enabled again.
   *
   * @throws IllegalArgumentException where there is no such key, or it is the one that seals
   */
  public KeyRing withDisabled(long id) {
    requireState(id, State.ENABLED, State.DISABLED);
    return Keysets.with(keys, id, entry -> entry.setStatus(KeyStatus.DISABLED));
  }

  /**
   * The same with a disabled key opening again.
   *
   * @throws IllegalArgumentException where there is no such key
   */
  public KeyRing withEnabled(long id) {
    requireState(id, State.ENABLED, State.DISABLED, State.PRIMARY);
    return Keysets.with(keys, id, entry -> entry.setStatus(KeyStatus.ENABLED));
  }

  /**
   * The same without a key, for good.
   *
   * @throws IllegalArgumentException where there is no such key, or it is not disabled
   */
  public KeyRing without(long id) {
    requireState(id, State.DISABLED);
    return Keysets.without(keys, id);
  }

  private void requireState(long id, State... allowed) {
    State state = state(id).orElseThrow(() -> new IllegalArgumentException("no key " + id));
    if (!Arrays.asList(allowed).contains(state)) {
      throw new IllegalArgumentException("key " + id + " is " + state.text());
    }
  }

  /** How a key stands; empty where the ring does not have it. */
  public Optional<State> state(long id) {
    return keys().stream().filter(key -> key.id() == id).map(RingKey::state).findFirst();
  }

  /** Every key of the ring, in its order: the newest last. */
  public List<RingKey> keys() {
    return Keysets.keys(keys);
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
    return opening;
  }

  /** Whether a key of this ring sealed it. Says nothing where the bytes were changed. */
  public boolean knows(Sealed sealed) {
    OptionalLong id = keyIdOf(sealed);
    return id.isPresent() && keyIds().contains(id.getAsLong());
  }

  /** The id of the key that seals. What has another id is due for re-sealing. */
  public long primaryKeyId() {
    return Integer.toUnsignedLong(keys.getPrimary().getId());
  }

  KeysetHandle handle() {
    return keys;
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
