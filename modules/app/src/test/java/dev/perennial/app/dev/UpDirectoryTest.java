package dev.perennial.app.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.app.role.StartProblems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpDirectoryTest {
  @TempDir private Path data;

  @Test
  void theKeyRingIsMadeOnceAndKept() throws IOException {
    Path file = new UpDirectory(data).keyset();
    String made = Files.readString(file);

    assertThat(new UpDirectory(data).keyset()).isEqualTo(file);
    assertThat(Files.readString(file)).isEqualTo(made);
  }

  @Test
  void aKeyRingThatIsGoneIsNotReplacedOverDataThatWereSealedWithIt() throws IOException {
    Files.createDirectory(data.resolve("kafka"));

    assertThatThrownBy(() -> new UpDirectory(data).keyset())
        .isInstanceOf(StartProblems.class)
        .hasMessageContaining("keys.json is gone");
    assertThat(data.resolve("keys.json")).doesNotExist();
  }
}
