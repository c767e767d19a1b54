package dev.perennial.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.app.config.ConfigLoader;
import dev.perennial.app.config.PerennialConfig;
import dev.perennial.app.role.KeyRings;
import dev.perennial.sealing.KeyRing;
import dev.perennial.sealing.KmsAwayException;
import dev.perennial.sealing.LiveKeyRing;
import dev.perennial.sealing.RingKey.State;
import dev.perennial.sealing.Wrapping;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does to a key ring in a file, in the environment and under a KMS. */
@ExtendWith(ServersExtension.class)
class KeyRingCommandsTest {
  private static final String KMS = "e2e-kms://one";

  private final KeyRing first = KeyRing.ofNewKey();
  @TempDir private Path directory;
  private Installed installed;
  private Commands commands;
  private Path file;

  @BeforeEach
  void install(Servers servers) throws Exception {
    TestKms.AWAY.set(0);
    file = Files.writeString(directory.resolve("keys.json"), first.text());
    installed =
        Installed.on(servers)
            .keysIn(file)
            .definition(
                "acme",
                Definitions.of(
                    URI.create("https://acme.test/authorize"),
                    URI.create("https://acme.test/token"),
                    "mail"))
            .build();
    commands = new Commands(installed);
  }

  @AfterEach
  void close() {
    installed.close();
  }

  private record Told(Commands.Ended ended, String log) {
    String output() {
      return ended.output();
    }

    /** Acts of the trail that the log of the command holds, in their order. */
    List<String> acts() {
      return log.lines()
          .filter(line -> line.contains("\"action\":\"key_ring."))
          .map(line ->
              member(line, "action") + " " + member(line, "object") + " " + member(line, "outcome"))
          .toList();
    }

    private static String member(String line, String name) {
      String begin = "\"" + name + "\":\"";
      int at = line.indexOf(begin);
      return at < 0
          ? "-"
          : line.substring(at + begin.length(), line.indexOf('"', at + begin.length()));
    }
  }

  private Told run(String... args) {
    PrintStream before = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, UTF_8));
    try {
      return new Told(commands.run(args), log.toString(UTF_8));
    } finally {
      System.setErr(before);
      before.print(log.toString(UTF_8));
    }
  }

  private Told well(String... args) {
    Told told = run(args);
    assertThat(told.ended().exitCode()).as(told.output() + told.log()).isZero();
    return told;
  }

  private Told badly(String... args) {
    Told told = run(args);
    assertThat(told.ended().exitCode()).as(told.output()).isEqualTo(1);
    return told;
  }

  private static String id(long key) {
    return Long.toString(key);
  }

  @Test
  void aRetiredKeyIsEnabledAgainAndEachChangeIsInTheTrail() {
    String old = id(first.primaryKeyId());
    Told rotated = well("keys", "rotate");
    String added = id(KeyRing.load(file).primaryKeyId());
    assertThat(added).isNotEqualTo(old);
    assertThat(rotated.acts()).hasSize(3).containsOnly("key_ring.rotate " + added + " allowed");

    assertThat(well("keys", "retire").acts())
        .containsExactly("key_ring.retire " + old + " allowed");
    assertThat(KeyRing.load(file).state(first.primaryKeyId())).contains(State.DISABLED);
    assertThat(well("keys", "enable", old).acts())
        .containsExactly("key_ring.enable " + old + " allowed");
    assertThat(KeyRing.load(file).state(first.primaryKeyId())).contains(State.ENABLED);

    Told unknown = badly("keys", "enable", "7");
    assertThat(unknown.output() + unknown.log()).contains("perennial keys list shows the ring");
    assertThat(unknown.acts()).containsExactly("key_ring.enable - failed");
    Told primary = badly("keys", "retire", added);
    assertThat(primary.acts()).containsExactly("key_ring.retire - failed");
    assertThat(KeyRing.load(file).keyIds()).hasSize(2);
  }

  @Test
  void aRingInTheEnvironmentIsChangedStepByStepInAFileBesideIt() throws Exception {
    commands.unset("keys.file").set("keys.keyset", first.text());
    Told whole = badly("keys", "rotate");
    assertThat(whole.output() + whole.log()).contains("--step", "--out");
    Told nowhere = badly("keys", "rotate", "--step", "add");
    assertThat(nowhere.output() + nowhere.log()).contains("keys.keyset", "--out");
    assertThat(nowhere.acts()).containsExactly("key_ring.rotate - failed");

    Path out = directory.resolve("next.json");
    Told added = well("keys", "rotate", "--step", "add", "--out", out.toString());
    assertThat(added.output()).contains("put " + out + " in place", "--step promote");
    KeyRing both = KeyRing.load(out);
    assertThat(both.primaryKeyId()).isEqualTo(first.primaryKeyId());
    assertThat(both.keys()).hasSize(2);

    commands.set("keys.keyset", Files.readString(out));
    well("keys", "rotate", "--step", "promote", "--out", out.toString());
    KeyRing promoted = KeyRing.load(out);
    assertThat(promoted.primaryKeyId()).isNotEqualTo(first.primaryKeyId());

    commands.set("keys.keyset", Files.readString(out));
    assertThat(well("keys", "rotate", "--step", "reseal").output()).contains("left=0");
    well("keys", "retire", "--out", out.toString());
    assertThat(KeyRing.load(out).state(first.primaryKeyId())).contains(State.DISABLED);
    assertThat(file).content().isEqualTo(first.text());
  }

  @Test
  void aRingIsWrappedByAKmsAndRotatedUnderIt() throws Exception {
    Path wrapped = directory.resolve("wrapped.json");
    Told told = well("keys", "wrap", "--kms-uri", KMS, "--out", wrapped.toString());
    assertThat(told.output()).contains("PERENNIAL_KEYS_KMS_URI=" + KMS);
    assertThat(told.acts()).containsExactly("key_ring.wrap " + first.primaryKeyId() + " allowed");
    assertThat(wrapped).content().contains("encryptedKeyset").doesNotContain("\"value\"");
    assertThat(Wrapping.kms(KMS).load(wrapped).keyIds()).isEqualTo(first.keyIds());
    Told again = badly("keys", "wrap", "--kms-uri", KMS, "--out", wrapped.toString());
    assertThat(again.output() + again.log()).contains("never overwritten");

    commands.set("keys.file", wrapped.toString());
    Told missing = badly("keys", "list", "--offline");
    assertThat(missing.output() + missing.log()).contains("set keys.kms-uri");
    commands.set("keys.kms-uri", KMS);
    assertThat(well("keys", "list", "--offline").output()).contains(id(first.primaryKeyId()));
    well("keys", "rotate");
    KeyRing rotated = Wrapping.kms(KMS).load(wrapped);
    assertThat(rotated.keys()).hasSize(2);
    assertThat(rotated.primaryKeyId()).isNotEqualTo(first.primaryKeyId());
    well("keys", "retire");
    well("keys", "retire", "--remove");
    assertThat(Wrapping.kms(KMS).load(wrapped).keyIds()).containsExactly(rotated.primaryKeyId());
    assertThat(wrapped).content().contains("encryptedKeyset").doesNotContain("\"value\"");
  }

  @Test
  void aRingIsMadeUnderAKmsAndSaidToStandardOutput() throws Exception {
    Path made = directory.resolve("made.json");
    Told told = well("keys", "new", "--kms-uri", KMS, "--out", made.toString());
    assertThat(told.acts()).containsExactly("key_ring.create - allowed");
    assertThat(made).content().contains("encryptedKeyset");
    assertThat(Files.getPosixFilePermissions(made)).hasSize(2);
    assertThat(well("keys", "new", "--out", "-").output()).contains("\"primaryKeyId\"");
  }

  @Test
  void aKmsThatIsAwayIsWaitedForAtStart() {
    Path wrapped = directory.resolve("wrapped.json");
    well("keys", "wrap", "--kms-uri", KMS, "--out", wrapped.toString());
    PerennialConfig config =
        new ConfigLoader(directory, Map.of())
            .flags(Map.of("keys.file", wrapped.toString(), "keys.kms-uri", KMS))
            .load();

    TestKms.AWAY.set(1);
    assertThatThrownBy(() -> KeyRings.of(config)).isInstanceOf(KmsAwayException.class);
    List<Duration> pauses = new ArrayList<>();
    TestKms.AWAY.set(7);
    LiveKeyRing ring = KeyRings.awaited(config, pause -> !pauses.add(pause));
    assertThat(Objects.requireNonNull(ring).current().keyIds()).isEqualTo(first.keyIds());
    assertThat(pauses)
        .extracting(Duration::toSeconds)
        .containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L);

    TestKms.AWAY.set(1);
    assertThat(KeyRings.awaited(config, _ -> true)).as("asked to stop").isNull();
  }
}
