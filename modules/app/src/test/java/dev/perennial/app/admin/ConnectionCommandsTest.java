package dev.perennial.app.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.cli.Cli;
import dev.perennial.app.cli.Surroundings;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Status;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that import and export, against the API that they ask. */
class ConnectionCommandsTest {
  @TempDir Path directory = Path.of("");

  private final AdminServer server = new AdminServer(Duration.ofMillis(300));
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private String typed = "";

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aThousandLinesGoInSomeAtATimeAndOutIntoAPrivateFile() throws IOException {
    String lines =
        IntStream.range(0, 1000)
            .mapToObj(i ->
                "{\"integration\":\"google\",\"connection\":\"c" + i + "\",\"access_token\":\"t\"}")
            .collect(Collectors.joining("\n"));
    Files.writeString(directory.resolve("lines.json"), lines);

    assertThat(run("import", "lines.json")).as(err.toString()).isZero();
    assertThat(out.toString())
        .isEqualTo("imported 1000, unchanged 0, exists 0, refused 0, of 1000\n");
    assertThat(run("export", "--out", "all.json", "--integration", "google")).isZero();
    assertThat(err.toString()).endsWith("exported 1000 connections\n");
    Path exported = directory.resolve("all.json");
    assertThat(Files.readAllLines(exported)).hasSize(1000);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(exported)))
        .isEqualTo("rw-------");
    server.store.states.clear();
    assertThat(run("import", "all.json")).isZero();
    assertThat(server.store.states).hasSize(1000);
  }

  @Test
  void whatIsRefusedIsSaidWithItsPlaceAndEndsInOne() {
    typed =
        """
        {"integration":"google","access_token":"planted-1"}
        {"integration":"nobody","connection":"x","access_token":"planted-2"}

        {"integration":"google","access_token":"planted-3"}
        """;

    assertThat(run("import", "-")).isEqualTo(1);

    assertThat(out.toString()).isEqualTo("imported 1, unchanged 0, exists 1, refused 1, of 3\n");
    assertThat(err.toString())
        .startsWith("record 2 (nobody/x): nobody has no definition here.")
        .doesNotContain("planted");
  }

  @Test
  void rowsOfSpringAreConvertedMappedAndReplaced() {
    server.store.set(server.state(new ConnectionKey("google", "ada=20b"), Status.ACTIVE, 1, null));
    typed =
        """
        client_registration_id,principal_name,access_token_type,access_token_value
        mail,ada b,Bearer,planted-1
        """;

    assertThat(run("import", "-", "--from", "spring", "--map", "mail=google", "--mode", "replace"))
        .as(err.toString())
        .isZero();

    assertThat(err.toString()).isEqualTo("google/ada=20b was 'ada b'\n");
    assertThat(server.get("/v1/connections/google/ada=20b/credentials").body())
        .contains("planted-1");
  }

  @Test
  void aDryRunShowsAndSendsNothing() {
    typed =
        "{\"connection_id\":\"a b\",\"provider_config_key\":\"google\",\"credentials\":"
            + "{\"type\":\"OAUTH2\",\"access_token\":\"planted\",\"raw\":{}}}{}";

    assertThat(run("import", "-", "--from", "nango", "--dry-run")).isEqualTo(1);

    assertThat(out.toString())
        .isEqualTo("google/a=20b  was 'a b'\nwould import 1, refused 1, of 2\n");
    assertThat(server.store.states).isEmpty();
  }

  @Test
  void anOutageIsSaidAndWhatWasDoneStays() {
    server.kafkaAway = true;
    typed = "{\"integration\":\"google\",\"access_token\":\"planted\"}";

    assertThat(run("import", "-")).isEqualTo(1);

    assertThat(err.toString()).contains("the import stopped: Kafka at localhost:1");
  }

  @Test
  void valuesOfTheirsNeedADefinitionHere() throws IOException {
    typed =
        "{\"connection_id\":\"a\",\"provider_config_key\":\"shop\",\"connection_config\":"
            + "{\"shop\":\"ada\"},\"credentials\":"
            + "{\"type\":\"OAUTH2\",\"access_token\":\"planted\",\"raw\":{}}}";
    assertThat(run("import", "-", "--from", "nango")).isEqualTo(1);
    assertThat(err.toString()).contains("no definitions here");

    Files.createDirectories(directory.resolve("integrations"));
    Files.writeString(
        directory.resolve("integrations/shop.json"),
        """
        {"id":"shop","name":"Shop",
         "initial_data_form":[{"id":"SHOP","name":"Shop","per_connection":true}],
         "oauth":{"authenticate_url":"https://{{ SHOP }}.example.com/a",
          "access_token":{"url":"https://{{ SHOP }}.example.com/t"}}}
        """);
    assertThat(run("import", "-", "--from", "nango")).as(err.toString()).isZero();
    assertThat(server.store.states).containsKey(new ConnectionKey("shop", "a"));

    typed = typed.replace("\"shop\",\"connection_config", "\"other\",\"connection_config");
    assertThat(run("import", "-", "--from", "nango")).isEqualTo(1);
    assertThat(err.toString()).contains("no definition of other here");
  }

  @Test
  void whatIsNoFormatModeOrZoneIsWrongUsage() {
    assertThat(run("import", "-", "--from", "csv")).isEqualTo(2);
    assertThat(run("import", "-", "--mode", "merge")).isEqualTo(2);
    assertThat(run("import", "-", "--zone", "Berlin")).isEqualTo(2);
    assertThat(run("import", "missing.json")).isEqualTo(1);
    assertThat(err.toString()).contains("missing.json cannot be read");
  }

  private int run(String... args) {
    String[] all = new String[args.length + 1];
    all[0] = "connections";
    System.arraycopy(args, 0, all, 1, args.length);
    Surroundings surroundings =
        new Surroundings(
            directory,
            Map.of(
                "PERENNIAL_ADMIN_TOKEN",
                AdminServer.TOKEN,
                "PERENNIAL_ADMIN_PORT",
                Integer.toString(server.port()),
                "PERENNIAL_INTEGRATIONS_DIRECTORY",
                directory.resolve("integrations").toString()),
            new BufferedReader(new StringReader(typed)),
            new PrintWriter(out, true),
            new PrintWriter(err, true));
    return Cli.create(surroundings, (_, _, _) -> 0).execute(all);
  }
}
