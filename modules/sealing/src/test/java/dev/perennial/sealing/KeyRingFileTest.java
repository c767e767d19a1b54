package dev.perennial.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingFileTest {
  @TempDir Path directory;

  @Test
  void a_generated_ring_loads_from_its_file() throws Exception {
    String json = KeyRing.generate();
    Path file = Files.writeString(directory.resolve("keys.json"), json);
    assertThat(KeyRing.load(file).keyIds()).isEqualTo(KeyRing.read(json).keyIds());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "planted",
        "{}",
        "[]",
        "{\"primaryKeyId\":1,\"key\":[]}",
        "{\"primaryKeyId\":1,\"key\":[{\"keyData\":{\"value\":\"planted\"}}]}",
        "{\"encryptedKeyset\":\"planted\"}"
      })
  void what_is_no_ring_is_refused_by_name_and_not_repeated(String content) throws Exception {
    Path file = Files.writeString(directory.resolve("keys.json"), content);
    assertRefused(file, "not a Tink keyset in JSON");
  }

  @Test
  void a_ring_with_its_end_cut_off_is_refused_and_not_repeated() throws Exception {
    String json = KeyRing.generate();
    Path file =
        Files.writeString(directory.resolve("keys.json"), json.substring(0, json.length() - 3));
    assertRefused(file, "not a Tink keyset in JSON");
  }

  @Test
  void a_file_that_is_not_there_is_named() {
    assertRefused(directory.resolve("absent.json"), "cannot be read (NoSuchFileException)");
  }

  @Test
  void a_directory_is_named() {
    assertRefused(directory, "cannot be read");
  }

  @Test
  void bytes_that_are_no_text_are_refused() throws Exception {
    Path file = Files.write(directory.resolve("keys.json"), new byte[] {(byte) 0xff, 0, 1});
    assertRefused(file, "cannot be read");
  }

  @Test
  void a_file_too_long_for_a_ring_is_not_read() throws Exception {
    Path file = Files.write(directory.resolve("keys.json"), new byte[(1 << 20) + 1]);
    assertRefused(file, "too long");
  }

  @Test
  void a_keyset_of_other_keys_is_refused() throws Exception {
    String json =
        TinkJsonProtoKeysetFormat.serializeKeyset(
            KeysetHandle.generateNew(
                PredefinedAeadParameters.CHACHA20_POLY1305, AeadConfig2026.get()),
            AeadConfig2026.get(),
            InsecureSecretKeyAccess.get());
    assertRefused(Files.writeString(directory.resolve("keys.json"), json), "not AES-256-GCM");
  }

  private static void assertRefused(Path file, String why) {
    assertThatThrownBy(() -> KeyRing.load(file))
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(why)
        .hasMessageContaining("perennial keys new")
        .hasMessageNotContainingAny("planted", "keyData")
        .hasNoCause();
  }
}
