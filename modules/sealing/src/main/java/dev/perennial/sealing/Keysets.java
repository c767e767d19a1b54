package dev.perennial.sealing;

import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Tink's keysets made into others. */
final class Keysets {
  private Keysets() {}

  static KeyRing ofNewKey() {
    return ring(KeysetHandle.newBuilder().addEntry(newKey().makePrimary()));
  }

  static KeyRing withNewKey(KeysetHandle keys) {
    return ring(KeysetHandle.newBuilder(keys).addEntry(newKey()));
  }

  /** One entry changed; it is there. */
  static KeyRing with(KeysetHandle keys, long id, Consumer<KeysetHandle.Builder.Entry> change) {
    KeysetHandle.Builder builder = KeysetHandle.newBuilder(keys);
    change.accept(builder.getAt(place(keys, id)));
    return ring(builder);
  }

  /** One entry fewer; it is there. */
  static KeyRing without(KeysetHandle keys, long id) {
    return ring(KeysetHandle.newBuilder(keys).deleteAt(place(keys, id)));
  }

  static List<RingKey> keys(KeysetHandle keys) {
    long primary = id(keys.getPrimary());
    return entries(keys).map(entry -> new RingKey(id(entry), state(entry, primary))).toList();
  }

  static boolean onlyAes256Gcm(KeysetHandle keys) {
    return entries(keys)
        .allMatch(key -> key.getKey().getParameters().equals(PredefinedAeadParameters.AES256_GCM));
  }

  private static RingKey.State state(KeysetHandle.Entry entry, long primary) {
    if (id(entry) == primary) {
      return RingKey.State.PRIMARY;
    }
    return entry.getStatus().equals(KeyStatus.ENABLED)
        ? RingKey.State.ENABLED
        : RingKey.State.DISABLED;
  }

  private static int place(KeysetHandle keys, long id) {
    return IntStream.range(0, keys.size())
        .filter(i -> id(keys.getAt(i)) == id)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no key " + id));
  }

  private static long id(KeysetHandle.Entry entry) {
    return Integer.toUnsignedLong(entry.getId());
  }

  private static Stream<KeysetHandle.Entry> entries(KeysetHandle keys) {
    return IntStream.range(0, keys.size()).mapToObj(keys::getAt);
  }

  private static KeysetHandle.Builder.Entry newKey() {
    return KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
        .withRandomId();
  }

  private static KeyRing ring(KeysetHandle.Builder keys) {
    try {
      return new KeyRing(keys.setConfiguration(AeadConfig2026.get()).build());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-256-GCM keys cannot be made here", e);
    }
  }
}
