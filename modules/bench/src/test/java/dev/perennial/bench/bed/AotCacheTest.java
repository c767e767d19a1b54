package dev.perennial.bench.bed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AotCacheTest {
  @TempDir private Path directory = Path.of("");

  private AotCache cache() {
    return new AotCache(directory.resolve("workers-2.aot"), "a.jar", "-XX:AOTCache=");
  }

  @Test
  void aTrainedOneTakesThePlaceOfThoseBefore() throws IOException {
    Path before = Files.writeString(directory.resolve("workers-1.aot"), "1");
    Path other = Files.writeString(directory.resolve("app.jar"), "a");
    AotCache training = cache().inTraining();
    assertThat(training.options()).last().isEqualTo("-XX:AOTCacheOutput=" + training.file());
    Files.writeString(training.file(), "2");
    assertThat(cache().exists()).as("before it is whole").isFalse();
    cache().take(training);
    assertThat(cache().exists()).isTrue();
    assertThat(cache().options()).last().isEqualTo("-XX:AOTCache=" + cache().file());
    assertThat(before).doesNotExist();
    assertThat(other).exists();
    assertThat(training.file()).doesNotExist();
  }

  @Test
  void aTrainingThatLeavesNoneIsTold() throws IOException {
    Path before = Files.writeString(directory.resolve("workers-1.aot"), "1");
    assertThatThrownBy(() -> cache().take(cache().inTraining()))
        .isInstanceOf(BedException.class)
        .hasMessageContaining("workers-2.aot");
    assertThat(before).exists();
  }
}
