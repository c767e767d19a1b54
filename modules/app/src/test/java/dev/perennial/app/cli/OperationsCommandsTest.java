package dev.perennial.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.devstack.EmbeddedKafka;
import dev.perennial.devstack.EmbeddedRedis;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code republish}, {@code reshard} and {@code connections reconsent} say, and how they end.
 */
class OperationsCommandsTest {
  private static final String TAKEN = "2026-03-01T12:00:00Z";

  @TempDir Path directory = Path.of("");

  private final Map<String, String> environment = new HashMap<>();
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  @Test
  void theirHelpNamesOptionsAndExitCodes() {
    assertThat(run("republish", "--help")).isZero();
    assertThat(out.toString()).contains("--dry-run", "perennial topics");
    assertThat(run("reshard", "--help")).isZero();
    assertThat(out.toString()).contains("--shards", "--redis-uri-env", "Exit code 1");
    assertThat(run("connections", "reconsent", "--help")).isZero();
    assertThat(out.toString()).contains("--backup-of", "--integration", "Exit code 1");
  }

  @Test
  void whatMustBeSaidIsAskedFor() {
    assertThat(run("reshard")).isEqualTo(2);
    assertThat(err.toString()).contains("--shards");
    assertThat(run("connections", "reconsent")).isEqualTo(2);
    assertThat(err.toString()).contains("--backup-of");
    assertThat(run("connections", "reconsent", "--backup-of", "yesterday")).isEqualTo(2);
    assertThat(err.toString()).contains("--backup-of", "yesterday");
    assertThat(run("reshard", "--shards", "8", "--redis-uri-env", "NO_SUCH")).isEqualTo(1);
    assertThat(err.toString()).contains("NO_SUCH is not set");
  }

  @Test
  void onServersOfTheirOwn() {
    try (EmbeddedRedis redis = EmbeddedRedis.startTemporary();
        EmbeddedKafka kafka = EmbeddedKafka.startTemporary()) {
      environment.put("PERENNIAL_REDIS_URI", redis.uri().toString());
      environment.put("PERENNIAL_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
      environment.put("PERENNIAL_SHARDS", "4");
      environment.put("PERENNIAL_KAFKA_REPLICATION_FACTOR", "1");
      missingTopicsNameTheCommandThatMakesThem();
      theyCountAndDo();
      reshardSaysWhatStandsAgainstIt();
      reshardMoves();
    }
  }

  private void missingTopicsNameTheCommandThatMakesThem() {
    assertThat(run("republish")).isEqualTo(1);
    assertThat(err.toString()).contains("perennial.credentials-updated", "perennial topics");
    assertThat(run("topics")).isZero();
  }

  private void theyCountAndDo() {
    assertThat(run("republish", "--dry-run")).isZero();
    assertThat(out.toString()).contains("would republish: connections=0");
    assertThat(run("republish")).isZero();
    assertThat(out.toString()).contains("republished: connections=0");
    assertThat(run("connections", "reconsent", "--backup-of", TAKEN, "--dry-run")).isZero();
    assertThat(out.toString()).contains("would ask: connections=0 doubtful=0 held=0");
    assertThat(run("connections", "reconsent", "--backup-of", TAKEN)).isZero();
    assertThat(out.toString()).contains("asked: connections=0 doubtful=0 held=0");
  }

  private void reshardSaysWhatStandsAgainstIt() {
    assertThat(run("reshard", "--shards", "8")).isEqualTo(1);
    assertThat(err.toString()).contains("another --topics-prefix", "another --redis-prefix");
    assertThat(out.toString()).isEmpty();
  }

  private void reshardMoves() {
    String[] wider = {
      "reshard",
      "--shards",
      "8",
      "--topics-prefix",
      "second",
      "--redis-prefix",
      "second",
      "--dry-run"
    };
    assertThat(run(wider)).isZero();
    assertThat(out.toString())
        .contains("would move: connections=0 shards=4 to=8 topics=second redis=second");
    nothingWasMadeIn("second");
    wider[7] = "--debug";
    assertThat(run(wider)).isZero();
    assertThat(out.toString())
        .contains("moved: connections=0 shards=4 to=8 topics=second redis=second");
  }

  private void nothingWasMadeIn(String prefix) {
    environment.put("PERENNIAL_TOPICS_PREFIX", prefix);
    assertThat(run("republish", "--dry-run")).isEqualTo(1);
    assertThat(err.toString()).contains(prefix + ".credentials-updated", "perennial topics");
    environment.remove("PERENNIAL_TOPICS_PREFIX");
  }

  private int run(String... args) {
    out = new StringWriter();
    err = new StringWriter();
    Surroundings surroundings =
        new Surroundings(
            directory, environment, new PrintWriter(out, true), new PrintWriter(err, true));
    return Cli.create(surroundings, (_, _, _) -> 0).execute(args);
  }
}
