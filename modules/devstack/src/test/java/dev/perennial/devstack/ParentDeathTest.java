package dev.perennial.devstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParentDeathTest {
  @Test
  void bothServersEndWhenTheirParentIsKilled(@TempDir Path directory) throws IOException {
    Process parent = launch(directory);
    try (BufferedReader said = parent.inputReader()) {
      long redis = number(said);
      long kafka = number(said);
      assertThat(Processes.isRunning(redis)).isTrue();
      assertThat(Processes.isRunning(kafka)).isTrue();

      parent.destroyForcibly();

      assertThat(Processes.endsWithin(Duration.ofSeconds(15), redis)).as("Redis").isTrue();
      assertThat(Processes.endsWithin(Duration.ofSeconds(15), kafka)).as("Kafka").isTrue();
    } finally {
      parent.destroyForcibly();
    }
  }

  private static long number(BufferedReader said) throws IOException {
    return Long.parseLong(Objects.requireNonNull(said.readLine(), "the parent ended early"));
  }

  private static Process launch(Path directory) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Jvm.executable().toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            Parent.class.getName(),
            directory.toString());
    builder.environment().put("CLASSPATH", Jvm.classPath());
    builder.redirectError(directory.resolve("parent.log").toFile());
    return builder.start();
  }

  /** A process that starts both, says their ids, and stays. */
  static final class Parent {
    private Parent() {}

    public static void main(String[] arguments) throws Exception {
      Path directory = Path.of(arguments[0]);
      EmbeddedRedis redis = EmbeddedRedis.start(directory.resolve("redis"), 0);
      System.out.println(redis.pid());
      EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0);
      System.out.println(kafka.pid());
      Thread.currentThread().join();
    }
  }
}
