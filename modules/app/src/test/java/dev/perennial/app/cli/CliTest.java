package dev.perennial.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.perennial.app.config.Installation;
import dev.perennial.app.role.Role;
import dev.perennial.domain.Secret;
import dev.perennial.sealing.KeyRing;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import tools.jackson.databind.json.JsonMapper;

class CliTest {
  private static final String GOOD =
      """
      {"oauth": {
        "authenticate_url": "https://provider.example/auth?client_id={{CLIENT_ID}}&redirect_uri={{redirect_url}}",
        "access_token": {"url": "https://provider.example/token", "data": {"client_id": "{{CLIENT_ID}}"}},
        "pkce": true
      }}
      """;

  @TempDir Path directory = Path.of("");

  private final Map<String, String> environment = new HashMap<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private @Nullable Installation ran;
  private Set<Role> roles = EnumSet.noneOf(Role.class);

  @Test
  void withoutACommandTheUsageIsShown() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("Which command?", "Usage: perennial", "connections");
    assertThat(run("connections")).isEqualTo(2);
    assertThat(err.toString()).contains("list, show, refresh, delete");
  }

  @Test
  void helpAndVersionEndWell() {
    assertThat(run("--help")).isZero();
    assertThat(run("connections", "list", "--help")).isZero();
    assertThat(out.toString()).contains("Exit codes", "--status", "--admin-token");
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).contains("perennial 0.", "Java 25");
  }

  @Test
  void aMistypedCommandIsWrongUsageWithAHint() {
    assertThat(run("conect")).isEqualTo(2);
    assertThat(err.toString()).contains("conect", "connect");
  }

  @Test
  void goodDefinitionsPassTheCheckWithWhatTheyNeed() throws IOException {
    write("good.json", GOOD);

    assertThat(run("check", path("good.json"))).isZero();

    assertThat(out.toString())
        .contains("PERENNIAL_GOOD_CLIENT_ID", "1 file checked: 0 errors, 1 remark\n");
  }

  @Test
  void whatIsSetIsNoNeed() throws IOException {
    write("good.json", GOOD);
    environment.put("PERENNIAL_GOOD_CLIENT_ID", "x");

    assertThat(run("check", path("good.json"))).isZero();

    assertThat(out.toString()).isEqualTo("1 file checked: 0 errors, 0 remarks\n");
  }

  @Test
  void everyErrorOfEveryFileIsAFindingAndTheExitCodeIsOne() throws IOException {
    write("bad.json", "{\"oauth\": {\"acess_token\": {}, \"x\": 1},}");
    write("worse.json", "{\"oauth\": {\"authenticate_url\": 5}}");

    assertThat(run("check", path("bad.json"), path("worse.json"), path("gone.json"))).isEqualTo(1);

    assertThat(out.toString())
        .contains("bad.json:1:", "worse.json:1:", "gone.json", "3 files checked: ");
  }

  @Test
  void everyRequestIsShownWhereThatIsWanted() throws IOException {
    write("good.json", GOOD);
    write("bad.json", "{\"oauth\": {\"authenticate_url\": 5}}");
    environment.put("PERENNIAL_GOOD_CLIENT_ID", "planted");

    assertThat(run("check", "--render", path("good.json"), path("bad.json"))).isEqualTo(1);

    assertThat(out.toString())
        .contains(
            "good: authenticate_url\n  GET https://provider.example/auth?client_id=<CLIENT_ID>",
            "good: access_token\n  POST https://provider.example/token\n",
            "bad.json:1:")
        .doesNotContain("planted", "bad: ");
  }

  @Test
  void rolesAreRunWithEverythingRead() throws IOException {
    write("integrations/good.json", GOOD);
    environment.put("PERENNIAL_INTEGRATIONS_DIRECTORY", path("integrations"));
    environment.put("PERENNIAL_GOOD_CLIENT_ID", "x");

    assertThat(run("run", "ingress,exchanger", "--public-port", "0", "--admin-port=0"))
        .isEqualTo(7);

    assertThat(roles).containsExactly(Role.INGRESS, Role.EXCHANGER);
    Installation installation = ran;
    assertThat(installation).isNotNull();
    if (installation != null) {
      assertThat(installation.config().publicListener().port()).isZero();
      assertThat(installation.config().adminListener().port()).isZero();
      assertThat(installation.definitions()).hasSize(1);
      assertThat(installation.value("PERENNIAL_GOOD_CLIENT_ID")).contains("x");
    }
  }

  @Test
  void anUnknownRoleIsWrongUsage() {
    assertThat(run("run", "ingress,excanger")).isEqualTo(2);
    assertThat(err.toString()).contains("'excanger' is no role");
  }

  @Test
  void everyProblemStopsTheStartAtOnce() throws IOException {
    write("integrations/bad.json", "{\"oauth\": {}}");
    write(
        "other.yaml",
        "perennial:\n  integrations.directory: '" + path("integrations") + "'\n  x: 1\n");
    environment.put("PERENNIAL_DRAIN", "soon");

    assertThat(run("--config", path("other.yaml"), "run", "all")).isEqualTo(1);

    assertThat(err.toString())
        .contains("other.yaml:3: perennial.x", "PERENNIAL_DRAIN: 'soon'", "bad.json:1:")
        .doesNotContain("\tat ");
    assertThat(ran).isNull();
  }

  @Test
  void anUndeclaredVariableStopsTheStart() throws IOException {
    write("integrations/good.json", GOOD);
    environment.put("PERENNIAL_INTEGRATIONS_DIRECTORY", path("integrations"));
    environment.put("PERENNIAL_GOOD_CLIENT_IT", "x");

    assertThat(run("run", "all")).isEqualTo(1);

    assertThat(err.toString())
        .contains("PERENNIAL_GOOD_CLIENT_IT", "did you mean PERENNIAL_GOOD_CLIENT_ID?");
  }

  @Test
  void aStackTraceIsShownOnlyWhereAskedFor() {
    assertThat(run("run", "--config", path("gone.yaml"), "all")).isEqualTo(1);
    assertThat(err.toString()).contains("gone.yaml: there is no such file").doesNotContain("\tat ");
    assertThat(run("run", "--debug", "--config", path("gone.yaml"), "all")).isEqualTo(1);
    assertThat(err.toString()).contains("\tat ");
  }

  @Test
  void aNewKeyRingIsReadableByItsOwnerAloneAndNeverOverwritten() throws IOException {
    assertThat(run("keys", "new", "--out", "ring.json")).isZero();

    Path file = directory.resolve("ring.json");
    String written = Files.readString(file, UTF_8);
    assertThat(KeyRing.read(written).keyIds()).hasSize(1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(out.toString()).contains("PERENNIAL_KEYS_FILE=").doesNotContain("keyData");

    assertThat(run("keys", "new", "--out", "ring.json")).isEqualTo(1);
    assertThat(err.toString()).contains("never overwritten");
    assertThat(Files.readString(file, UTF_8)).isEqualTo(written);
  }

  @Test
  void aKeyRingMayGoToStandardOutput() {
    assertThat(run("keys", "new", "--out", "-")).isZero();
    assertThat(KeyRing.read(out.toString()).keyIds()).hasSize(1);
  }

  @Test
  void anApiKeyIsShownOnceAndKeptHashedUntilItIsRevoked() throws IOException {
    assertThat(
            run(
                "keys",
                "api",
                "new",
                "--name",
                "ci",
                "--scope",
                "connections:read,metrics:read",
                "--integration",
                "google,slack",
                "--expires",
                "90d"))
        .isZero();
    String key = out.toString().strip();
    assertThat(key).matches("perennial_[0-9a-f]{12}_[A-Za-z0-9_-]{51}");
    assertThat(err.toString()).contains("PERENNIAL_ADMIN_API_KEYS=").doesNotContain(key);
    Path file = directory.resolve("api-keys.json");
    assertThat(Files.readString(file, UTF_8)).doesNotContain(key.substring(23));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(run("keys", "api", "new", "--name", "other", "--scope", "admin")).isZero();

    assertThat(run("keys", "api", "list")).isZero();
    assertThat(out.toString())
        .contains("connections:read metrics:read  google,slack", "never", "2 keys");

    String id = key.substring(10, 22);
    assertThat(run("keys", "api", "revoke", id)).isZero();
    assertThat(run("keys", "api", "revoke", id)).isEqualTo(1);
    assertThat(err.toString()).contains("there is no key " + id);
    assertThat(Files.readString(file, UTF_8)).doesNotContain(id).contains("other");
  }

  @Test
  void anApiKeyThatCannotBeMadeSaysWhy() {
    assertThat(run("keys", "api", "new", "--name", "ci", "--scope", "read")).isEqualTo(1);
    assertThat(err.toString()).contains("there is no scope read; there are [connections:read");
    assertThat(run("keys", "api", "new", "--name", "ci")).isEqualTo(2);
    assertThat(run("keys", "api", "new", "--name", "", "--scope", "admin")).isEqualTo(1);
    assertThat(err.toString()).contains("name must be");
    assertThat(run("keys", "api", "list")).isEqualTo(1);
    assertThat(err.toString()).contains("is not there");
    assertThat(directory.resolve("api-keys.json")).doesNotExist();
  }

  @Test
  void anAdminFileIsReadBackAndPrivate() throws IOException {
    Path data = directory.resolve("data");
    AdminFile file =
        new AdminFile(URI.create("http://127.0.0.1:5"), Secret.of("planted"), "localhost:9092");

    file.write(data);
    file.write(data);

    assertThat(AdminFile.read(data)).contains(file);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(data.resolve("admin.json"))))
        .isEqualTo("rw-------");
    assertThat(file.toString()).doesNotContain("planted");
    AdminFile.delete(data);
    assertThat(AdminFile.read(data)).isEmpty();
  }

  @Test
  void everyKeyIsShownWithItsSourceAndNoSecret() throws IOException {
    Files.writeString(
        directory.resolve("perennial.yaml"),
        """
        perennial:
          shards: 16
          redis.uri: redis://:planted-1@redis:6380
          admin.token: planted-2-planted-2
          kafka.properties:
            sasl.jaas.config: planted-3
        """);

    assertThat(run("config")).isZero();

    assertThat(out.toString())
        .containsPattern("shards +16 +\\S*perennial.yaml:2")
        .containsPattern("redis.uri +redis://redis:6380 +\\S*perennial.yaml:3")
        .containsPattern("admin.token +\\(set\\) +\\S*perennial.yaml:4")
        .containsPattern("kafka.properties.sasl.jaas.config +\\(set\\) +\\S*perennial.yaml:6")
        .containsPattern("refresh.share +0.75 +default")
        .doesNotContain("planted");
  }

  @Test
  void onlyWhatIsSetIsShownWhereThatIsAskedFor() throws IOException {
    Files.writeString(directory.resolve("perennial.yaml"), "perennial.shards: 16\n");

    assertThat(run("config", "--set")).isZero();

    assertThat(out.toString().lines()).hasSize(2);
  }

  @Test
  void onlyTheKeysAskedForAreShown() {
    assertThat(run("config", "refresh", "shards")).isZero();
    assertThat(out.toString())
        .contains("refresh.lease")
        .contains("shards")
        .doesNotContain("kafka.");

    assertThat(run("config", "refesh")).isEqualTo(1);
    assertThat(err.toString()).contains("refesh is no key");
  }

  @Test
  void machinesGetOneObjectPerKeyAndNoSecret() throws IOException {
    Files.writeString(
        directory.resolve("perennial.yaml"),
        "perennial:\n  admin.token: planted-2-planted-2\n  drain: 1m\n");

    assertThat(run("config", "--json", "admin.token", "drain")).isZero();

    assertThat(out.toString()).doesNotContain("planted");
    assertThat(out.toString().lines().map(line -> JsonMapper.shared().readTree(line)))
        .extracting(
            it -> it.path("key").stringValue(),
            it -> it.path("env").stringValue(),
            it -> it.path("value").stringValue(),
            it -> it.path("byDefault").stringValue(),
            it -> it.path("secret").booleanValue())
        .containsExactly(
            tuple("admin.token", "PERENNIAL_ADMIN_TOKEN", "(set)", "", true),
            tuple("drain", "PERENNIAL_DRAIN", "1m", "45s", false));
  }

  @Test
  void aValueOfManyLinesDoesNotBreakTheTable() throws IOException {
    Files.writeString(
        directory.resolve("perennial.yaml"),
        "perennial.admin.jwt: {issuer: 'https://a.example', audience: \"a\\nb\"}\n");

    assertThat(run("config", "--set")).isZero();

    assertThat(out.toString().lines()).hasSize(3);
  }

  @Test
  void eventsFollowTheKafkaThatUpHasStarted() {
    new AdminFile(URI.create("http://127.0.0.1:5"), Secret.of("planted"), "no-such.invalid:1")
        .write(directory.resolve("data"));

    assertThat(run("events")).isEqualTo(1);

    assertThat(err.toString()).contains("Kafka at no-such.invalid:1 cannot be used");
  }

  @Test
  void moreCommandsShareTheOptionsOfTheTop() {
    CommandLine cli = cli();
    cli.addSubcommand(new Failing());

    assertThat(cli.execute("failing", "--debug")).isEqualTo(1);

    assertThat(err.toString())
        .contains("unexpected: java.lang.IllegalStateException: on purpose", "\tat ");
  }

  @Command(name = "failing")
  private static final class Failing implements Runnable {
    @Override
    public void run() {
      throw new IllegalStateException("on purpose");
    }
  }

  private int run(String... args) {
    return cli().execute(args);
  }

  private CommandLine cli() {
    Surroundings surroundings =
        new Surroundings(
            directory, environment, new PrintWriter(out, true), new PrintWriter(err, true));
    return Cli.create(
        surroundings,
        (installation, wanted, _) -> {
          ran = installation;
          roles = wanted;
          return 7;
        });
  }

  private void write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Path parent = file.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.writeString(file, text);
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }
}
