package dev.perennial.app.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.config.ConfigLoader;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.event.JsonObjects;
import dev.perennial.event.MalformedJsonException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

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
  void jsonIsOneFlatObjectPerLine() throws MalformedJsonException {
    apply(Map.of("log.format", "json"));

    try (MDC.MDCCloseable _ = MDC.putCloseable("integration", "google")) {
      LoggerFactory.getLogger("dev.perennial.app.Here")
          .atInfo()
          .addKeyValue("connection", "acme")
          .addKeyValue("version", 7L)
          .log("ours {}\nand more", 1);
    }

    assertThat(lines().lines()).hasSize(1);
    Map<String, @Nullable Object> line = line();
    assertThat(line).containsKeys("time", "thread");
    assertThat(line.keySet()).allMatch(LoggingTest::isInTheDictionary);
    assertThat(line)
        .containsEntry("level", "INFO")
        .containsEntry("logger", "dev.perennial.app.Here")
        .containsEntry("message", "ours 1\nand more")
        .containsEntry("integration", "google")
        .containsEntry("connection", "acme")
        .containsEntry("version", 7);
    assertThat(String.valueOf(line.get("time")))
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
  }

  @Test
  void whatIsNotInTheDictionaryIsLeftOut() throws MalformedJsonException {
    apply(Map.of("log.format", "json"));

    try (MDC.MDCCloseable _ = MDC.putCloseable("message", "another")) {
      LoggerFactory.getLogger("dev.perennial.app.Here")
          .atInfo()
          .addKeyValue("surprise", "x")
          .log("ours");
    }

    assertThat(line()).doesNotContainKey("surprise").containsEntry("message", "ours");
  }

  @Test
  void whomALineNamesIsAKeyOfItsOwn() throws MalformedJsonException {
    apply(Map.of("log.format", "json"));

    try (MDC.MDCCloseable _ = MDC.putCloseable("integration", "surroundings")) {
      LoggerFactory.getLogger("dev.perennial.app.Here")
          .info("version {} of {} came", 7, ConnectionKey.parse("google/acme"));
    }

    assertThat(line())
        .containsEntry("message", "version 7 of google/acme came")
        .containsEntry("integration", "google")
        .containsEntry("connection", "acme");
  }

  @Test
  void anExceptionIsOneKeyOfABoundedLength() throws MalformedJsonException {
    apply(Map.of("log.format", "json"));

    IllegalStateException fault = new IllegalStateException("x".repeat(100_000));
    LoggerFactory.getLogger("dev.perennial.app.Here").warn("failed", fault);

    assertThat(String.valueOf(line().get("error")))
        .startsWith("java.lang.IllegalStateException: xxx")
        .hasSizeLessThan(17_000);
  }

  private Map<String, @Nullable Object> line() throws MalformedJsonException {
    return JsonObjects.read(lines().lines().findFirst().orElseThrow().getBytes(UTF_8));
  }

  private static boolean isInTheDictionary(String key) {
    return Arrays.stream(LogKey.values()).anyMatch(it -> it.text().equals(key));
  }

  private void apply(Map<String, String> flags) {
    Logging.apply(new ConfigLoader(directory, Map.of()).flags(flags).load().log());
  }

  private String lines() {
    return written.toString(UTF_8);
  }
}
