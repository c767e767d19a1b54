package dev.perennial.sealing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer.Purpose;
import dev.perennial.domain.Sealer.UnsealableException;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingTest {
  private static final ConnectionKey KEY = new ConnectionKey("google", "acme");
  private static final byte[] PLAIN = "planted secret".getBytes(UTF_8);

  private final KeyRing ring = KeyRing.read(KeyRing.generate());

  @ParameterizedTest
  @EnumSource(Purpose.class)
  void what_was_sealed_opens_for_the_same_connection_and_purpose(Purpose purpose) {
    assertThat(ring.open(KEY, purpose, ring.seal(KEY, purpose, PLAIN))).isEqualTo(PLAIN);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1 << 20, KeyRing.MAX_PLAIN_BYTES})
  void the_sealed_bytes_are_longer_by_the_documented_overhead(int length) {
    Sealed sealed = ring.seal(KEY, Purpose.CREDENTIAL, new byte[length]);
    assertThat(sealed.length()).isEqualTo(length + KeyRing.OVERHEAD_BYTES);
    assertThat(ring.open(KEY, Purpose.CREDENTIAL, sealed)).hasSize(length);
  }

  @Test
  void more_than_can_be_opened_is_not_sealed() {
    assertThatThrownBy(
            () -> ring.seal(KEY, Purpose.CREDENTIAL, new byte[KeyRing.MAX_PLAIN_BYTES + 1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("google/acme");
  }

  @Test
  void sealing_twice_never_gives_the_same_bytes() {
    assertThat(ring.seal(KEY, Purpose.CREDENTIAL, PLAIN))
        .isNotEqualTo(ring.seal(KEY, Purpose.CREDENTIAL, PLAIN));
  }

  @Test
  void the_plain_bytes_do_not_show() {
    Sealed sealed = ring.seal(KEY, Purpose.CREDENTIAL, PLAIN);
    assertThat(new String(sealed.bytes(), UTF_8)).doesNotContain("planted");
  }

  @ParameterizedTest
  @ValueSource(strings = {"google/other", "googl/eacme", "google-acme/default", "google/acme2"})
  void another_connection_does_not_open_it(String other) {
    Sealed sealed = ring.seal(KEY, Purpose.CREDENTIAL, PLAIN);
    assertRefused(ConnectionKey.parse(other), Purpose.CREDENTIAL, sealed, "another connection");
  }

  @ParameterizedTest
  @EnumSource(value = Purpose.class, mode = EnumSource.Mode.EXCLUDE, names = "CREDENTIAL")
  void another_purpose_does_not_open_it(Purpose other) {
    assertRefused(KEY, other, ring.seal(KEY, Purpose.CREDENTIAL, PLAIN), "purpose");
  }

  @Test
  void no_changed_bit_goes_unnoticed() {
    byte[] bytes = ring.seal(KEY, Purpose.CREDENTIAL, PLAIN).bytes();
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertRefused(KEY, Purpose.CREDENTIAL, Sealed.of(changed), "google/acme");
    }
  }

  @Test
  void no_shortened_or_lengthened_bytes_open() {
    byte[] bytes = ring.seal(KEY, Purpose.CREDENTIAL, PLAIN).bytes();
    for (int length = 0; length < bytes.length; length++) {
      assertRefused(
          KEY, Purpose.CREDENTIAL, Sealed.of(Arrays.copyOf(bytes, length)), "google/acme");
    }
    assertRefused(
        KEY, Purpose.CREDENTIAL, Sealed.of(Arrays.copyOf(bytes, bytes.length + 1)), "google/acme");
  }

  @Test
  void bytes_that_were_never_sealed_are_refused_as_such() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
    for (int round = 0; round < 1_000; round++) {
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      assertRefused(KEY, Purpose.CREDENTIAL, Sealed.of(noise), "google/acme");
    }
    assertRefused(
        KEY,
        Purpose.CREDENTIAL,
        Sealed.of(new byte[KeyRing.MAX_PLAIN_BYTES + KeyRing.OVERHEAD_BYTES + 1]),
        "not of our sealed format");
  }

  @Test
  void after_a_rotation_the_old_still_opens_and_the_new_key_seals() {
    Sealed old = ring.seal(KEY, Purpose.CREDENTIAL, PLAIN);
    KeyRing rotated = KeyRing.read(ring.rotate());

    assertThat(rotated.open(KEY, Purpose.CREDENTIAL, old)).isEqualTo(PLAIN);
    assertThat(rotated.keyIds()).hasSize(2).containsAll(ring.keyIds());
    assertThat(rotated.primaryKeyId()).isNotEqualTo(ring.primaryKeyId());
    assertThat(KeyRing.keyIdOf(old)).hasValue(ring.primaryKeyId());

    Sealed fresh = rotated.seal(KEY, Purpose.CREDENTIAL, PLAIN);
    assertThat(KeyRing.keyIdOf(fresh)).hasValue(rotated.primaryKeyId());
    assertThat(rotated.open(KEY, Purpose.CREDENTIAL, fresh)).isEqualTo(PLAIN);
  }

  @Test
  void a_ring_without_the_key_says_which_one_it_lacks_and_which_it_holds() {
    KeyRing rotated = KeyRing.read(ring.rotate());
    Sealed fresh = rotated.seal(KEY, Purpose.CREDENTIAL, PLAIN);
    assertThatThrownBy(() -> ring.open(KEY, Purpose.CREDENTIAL, fresh))
        .isInstanceOf(UnsealableException.class)
        .hasMessageContaining("google/acme")
        .hasMessageContaining("credential")
        .hasMessageContaining("key " + rotated.primaryKeyId())
        .hasMessageContaining(ring.keyIds().toString());
  }

  @Test
  void bytes_of_no_known_format_have_no_key_id() {
    assertThat(KeyRing.keyIdOf(Sealed.of(new byte[100]))).isEmpty();
    assertThat(KeyRing.keyIdOf(Sealed.of(new byte[0]))).isEmpty();
  }

  @Test
  void a_ring_prints_its_ids_and_no_key() {
    assertThat(ring).hasToString("KeyRing[" + ring.primaryKeyId() + "]");
  }

  private void assertRefused(ConnectionKey key, Purpose purpose, Sealed sealed, String why) {
    assertThatThrownBy(() -> ring.open(key, purpose, sealed))
        .isInstanceOf(UnsealableException.class)
        .hasMessageContaining(key.toString())
        .hasMessageContaining(why)
        .hasMessageNotContainingAny("planted");
  }
}
