package dev.perennial.sealing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer.Purpose;
import dev.perennial.domain.Sealer.UnsealableException;
import dev.perennial.sealing.RingKey.State;
import org.junit.jupiter.api.Test;

/** The life of a key: added, primary, enabled, disabled, gone. */
class RingKeyTest {
  private static final ConnectionKey KEY = new ConnectionKey("google", "acme");
  private static final byte[] PLAIN = "planted".getBytes(UTF_8);

  private final KeyRing one = KeyRing.ofNewKey();
  private final long old = one.primaryKeyId();
  private final KeyRing two = one.withNewKey();
  private final long added = two.keys().get(1).id();

  @Test
  void a_new_key_opens_and_does_not_seal() {
    assertThat(two.keys())
        .containsExactly(new RingKey(old, State.PRIMARY), new RingKey(added, State.ENABLED));
    assertThat(two.primaryKeyId()).isEqualTo(old);
    Sealed ahead = two.withPrimary(added).seal(KEY, Purpose.CREDENTIAL, PLAIN);
    assertThat(two.open(KEY, Purpose.CREDENTIAL, ahead)).isEqualTo(PLAIN);
  }

  @Test
  void a_disabled_key_opens_nothing_until_it_is_enabled_again() {
    Sealed sealed = one.seal(KEY, Purpose.CREDENTIAL, PLAIN);
    KeyRing disabled = two.withPrimary(added).withDisabled(old);
    assertThat(disabled.keyIds()).containsExactly(added);
    assertThat(disabled.knows(sealed)).isFalse();
    assertThatThrownBy(() -> disabled.open(KEY, Purpose.CREDENTIAL, sealed))
        .isInstanceOf(UnsealableException.class);
    KeyRing again = KeyRing.read(disabled.text()).withEnabled(old);
    assertThat(again.open(KEY, Purpose.CREDENTIAL, sealed)).isEqualTo(PLAIN);
  }

  @Test
  void only_a_disabled_key_can_be_removed() {
    KeyRing promoted = two.withPrimary(added);
    assertThatThrownBy(() -> promoted.without(old)).hasMessageContaining("is enabled");
    assertThatThrownBy(() -> promoted.without(added)).hasMessageContaining("is primary");
    assertThat(promoted.withDisabled(old).without(old).keys())
        .containsExactly(new RingKey(added, State.PRIMARY));
  }

  @Test
  void the_primary_key_cannot_be_disabled_and_a_disabled_one_not_promoted() {
    assertThatThrownBy(() -> two.withDisabled(old)).isInstanceOf(IllegalArgumentException.class);
    KeyRing disabled = two.withDisabled(added);
    assertThatThrownBy(() -> disabled.withPrimary(added))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_key_that_is_not_there_is_named() {
    assertThatThrownBy(() -> one.withPrimary(7)).hasMessageContaining("no key 7");
  }
}
