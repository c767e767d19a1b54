package dev.perennial.app.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.config.ConfigLoader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class LoggingTest {
  @TempDir Path directory = Path.of("");

  private final PrintStream before = System.err;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  @BeforeEach
  void capture() {
    System.setErr(new PrintStream(written, true, UTF_8));
  }

  @AfterEach
  void restore() {
    System.setErr(before);
    apply(Map.of());
  }

  @Test
  void ourOwnLinesAreShownAndTheLibrariesOnlyWhenTheyWarn() {
    apply(Map.of());

    LoggerFactory.getLogger("dev.perennial.app.Here").info("ours");
    LoggerFactory.getLogger("dev.perennial.app.Here").debug("too much");
    LoggerFactory.getLogger("org.apache.kafka.clients.Metadata").info("too much");
    LoggerFactory.getLogger("org.apache.kafka.clients.Metadata").warn("theirs");
    LoggerFactory.getLogger("org.apache.kafka.clients.NetworkClient").warn("too much");

    assertThat(lines()).containsSubsequence(" INFO  Here - ours\n", " WARN  Metadata - theirs\n");
    assertThat(lines()).doesNotContain("too much");
  }

  @Test
  void theLevelFollowsTheConfiguration() {
    apply(Map.of("log.level", "debug"));

    LoggerFactory.getLogger("dev.perennial.app.Here").debug("closer");

    assertThat(lines()).contains("DEBUG Here - closer");
  }

  @Test
  void jsonIsOneObjectPerLine() {
    apply(Map.of("log.format", "json"));

    LoggerFactory.getLogger("dev.perennial.app.Here").info("ours {}", 1);

    assertThat(lines()).startsWith("{").contains("\"level\":\"INFO\"").endsWith("}\n");
    assertThat(lines().lines()).hasSize(1);
  }

  private void apply(Map<String, String> flags) {
    Logging.apply(new ConfigLoader(directory, Map.of()).flags(flags).load().log());
  }

  private String lines() {
    return written.toString(UTF_8);
  }
}
