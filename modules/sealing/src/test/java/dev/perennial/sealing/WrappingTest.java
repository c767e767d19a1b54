package dev.perennial.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ring that is encrypted with the key of a KMS, here of one in this memory. */
class WrappingTest {
  private static final String URI = "test-kms://key-1";

  private final KeyRing ring = KeyRing.ofNewKey().withNewKey();
  private final Aead kmsKey = key();
  private final Wrapping wrapping = Wrapping.with(kmsKey, URI);

  private static Aead key() {
    try {
      return KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, AeadConfig2026.get())
          .getPrimitive(AeadConfig2026.get(), Aead.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void what_was_encrypted_is_read_again_and_shows_no_key() {
    String text = wrapping.write(ring);
    assertThat(text).contains("encryptedKeyset").doesNotContain("keyData", "AesGcmKey\",\"value");
    assertThat(wrapping.read(text, "ring").keys()).isEqualTo(ring.keys());
  }

  @Test
  void another_key_of_the_kms_does_not_open_it() {
    String text = wrapping.write(ring);
    assertThatThrownBy(() -> Wrapping.with(key(), "test-kms://key-2").read(text, "ring"))
        .isExactlyInstanceOf(KeyRingException.class)
        .hasMessageContaining("test-kms://key-2 does not decrypt it")
        .hasMessageNotContaining(text);
  }

  @Test
  void the_two_kinds_are_told_apart() {
    assertThatThrownBy(() -> Wrapping.NONE.read(wrapping.write(ring), "ring"))
        .hasMessageContaining("keys.kms-uri");
    assertThatThrownBy(() -> wrapping.read(ring.text(), "ring"))
        .hasMessageContaining("perennial keys wrap")
        .hasMessageNotContaining("keyData");
  }

  @Test
  void a_uri_that_nothing_knows_is_refused_by_name() {
    assertThatThrownBy(() -> Wrapping.kms("nobody-kms://x"))
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining("nobody-kms://x")
        .hasMessageContaining("class path");
  }

  @Test
  void a_kms_that_is_away_can_be_asked_again(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("keys.json"), wrapping.write(ring));
    Away away = new Away();
    Wrapping through = Wrapping.with(away, URI);
    assertThatThrownBy(() -> through.load(file))
        .isInstanceOf(KmsAwayException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(URI);
    away.away = false;
    assertThat(through.load(file).keys()).isEqualTo(ring.keys());
  }

  @Test
  void a_live_ring_asks_a_kms_that_is_away_at_each_look_and_one_that_refuses_once(
      @TempDir Path directory) throws Exception {
    Away away = new Away();
    away.away = false;
    Path file = Files.writeString(directory.resolve("keys.json"), wrapping.write(ring));
    List<String> told = new ArrayList<>();
    LiveKeyRing live = LiveKeyRing.of(file, Wrapping.with(away, URI), new Told(told));

    away.away = true;
    Files.writeString(file, wrapping.write(ring.withNewKey()));
    away.asked = 0;
    live.look();
    live.look();
    assertThat(away.asked).isEqualTo(2);
    assertThat(told).hasSize(1);
    assertThat(live.current().keys()).hasSize(2);

    away.away = false;
    assertThat(live.look().keys()).hasSize(3);

    Files.writeString(file, Wrapping.with(key(), URI).write(ring));
    away.asked = 0;
    live.look();
    live.look();
    assertThat(away.asked).isEqualTo(1);
  }

  private record Told(List<String> lines) implements LiveKeyRing.Listener {
    @Override
    public void changed(KeyRing ring) {}

    @Override
    public void unreadable(String why) {
      lines.add(why);
    }
  }

  private final class Away implements Aead {
    private boolean away = true;
    private int asked;

    @Override
    public byte[] encrypt(byte[] plaintext, byte[] associatedData) {
      throw new AssertionError("nothing is encrypted here");
    }

    @Override
    public byte[] decrypt(byte[] ciphertext, byte[] associatedData)
        throws GeneralSecurityException {
      asked++;
      if (away) {
        throw new KmsUnreachableException("connection refused", new java.io.IOException());
      }
      return kmsKey.decrypt(ciphertext, associatedData);
    }
  }
}
