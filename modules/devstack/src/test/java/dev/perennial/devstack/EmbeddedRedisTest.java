package dev.perennial.devstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddedRedisTest {
  @Test
  void dataSurviveAKillAndACleanRestart(@TempDir Path directory) throws IOException {
    try (EmbeddedRedis redis = EmbeddedRedis.start(directory, 0)) {
      URI before = redis.uri();
      long killed = redis.pid();
      assertThat(Resp.ask(before, "SET kept yes")).containsExactly("+OK");

      redis.kill();
      assertThat(redis.isAlive()).isFalse();
      assertThat(Processes.isRunning(killed)).isFalse();
      redis.restart();

      assertThat(redis.pid()).isNotEqualTo(killed);
      assertThat(redis.uri()).isEqualTo(before);
      assertThat(Resp.ask(redis.uri(), "GET kept")).containsExactly("$3", "yes");
      redis.restart();
      assertThat(Resp.ask(redis.uri(), "GET kept")).containsExactly("$3", "yes");
    }
  }

  @Test
  void dataOutliveTheObject(@TempDir Path directory) throws IOException {
    try (EmbeddedRedis first = EmbeddedRedis.start(directory, 0)) {
      Resp.ask(first.uri(), "SET kept yes");
    }
    try (EmbeddedRedis second = EmbeddedRedis.start(directory, 0)) {
      assertThat(Resp.ask(second.uri(), "GET kept")).containsExactly("$3", "yes");
    }
  }

  @ParameterizedTest
  @CsvSource({"appendonly,yes", "appendfsync,always", "maxmemory-policy,noeviction", "save,''"})
  void itKeepsEveryWriteAndEvictsNothing(String setting, String value) throws IOException {
    try (EmbeddedRedis redis = EmbeddedRedis.startTemporary()) {
      assertThat(Resp.ask(redis.uri(), "CONFIG GET " + setting).getLast()).isEqualTo(value);
    }
  }

  @Test
  void aPortInUseGivesWayToTheNext(@TempDir Path directory) throws IOException {
    int taken = Ports.free(0);
    try (ServerSocket holder = new ServerSocket()) {
      holder.bind(new InetSocketAddress(Ports.loopback(), taken));
      try (EmbeddedRedis redis = EmbeddedRedis.start(directory, taken)) {
        assertThat(redis.port()).isNotEqualTo(taken).isEqualTo(redis.uri().getPort());
      }
    }
  }

  @Test
  void aFailedStartShowsTheEndOfTheLog(@TempDir Path directory) throws IOException {
    Files.writeString(directory.resolve("appendonlydir"), "a file where a directory belongs");

    assertThatThrownBy(() -> EmbeddedRedis.start(directory, 0))
        .isInstanceOf(ServerStartException.class)
        .hasMessageContaining("Redis ended at once")
        .hasMessageContaining("appendonlydir");
  }

  @Test
  void aTerminalsInterruptGoesToAnotherProcessGroup() throws IOException {
    assumeTrue(Files.exists(Path.of("/proc/self/stat")));
    try (EmbeddedRedis redis = EmbeddedRedis.startTemporary()) {
      assertThat(Processes.group(redis.pid()))
          .isNotEqualTo(Processes.group(ProcessHandle.current().pid()));
    }
  }

  @Test
  void itsEndIsSeenWhenSomebodyElseKillsIt() {
    try (EmbeddedRedis redis = EmbeddedRedis.startTemporary()) {
      ProcessHandle.of(redis.pid()).orElseThrow().destroyForcibly();

      assertThat(Processes.endsWithin(Duration.ofSeconds(5), redis.pid())).isTrue();
      redis.restart();
      assertThat(redis.isAlive()).isTrue();
    }
  }

  @Test
  void closingTwiceDoesNothingMoreAndATemporaryDirectoryGoes() throws IOException {
    EmbeddedRedis redis = EmbeddedRedis.startTemporary();
    Path directory = Path.of(Resp.ask(redis.uri(), "CONFIG GET dir").getLast());
    long pid = redis.pid();
    assertThat(directory).exists();

    redis.close();
    redis.close();

    assertThat(directory).doesNotExist();
    assertThat(Processes.isRunning(pid)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "Linux,amd64,linux-amd64",
    "Linux,aarch64,linux-arm64",
    "Mac OS X,aarch64,darwin-arm64",
    "Mac OS X,x86_64,darwin-amd64"
  })
  void theBinaryFitsTheMachine(String os, String arch, String suffix) {
    String resource = RedisBinary.resourceName(os, arch);

    assertThat(resource).isEqualTo("redis-server-7.0.15-" + suffix);
    assertThat(RedisBinary.class.getResource("/" + resource)).isNotNull();
  }

  @Test
  void aMachineWithoutABinaryIsToldWhatToDo() {
    assertThatThrownBy(() -> RedisBinary.resourceName("Windows 11", "amd64"))
        .hasMessageContaining("Windows 11")
        .hasMessageContaining("start a Redis 7 yourself");
  }
}
