package dev.perennial.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.perennial.domain.Secret;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that ask the admin API, here one that answers what it was told to. */
class AdminCommandsTest {
  private static final String TOKEN = "the-admin-token-of-this-test";
  private static final String ONE =
      "{\"integration\":\"google\",\"connection\":\"acme\",\"status\":\"active\",\"reason\":null,"
          + "\"version\":7,\"expires_at\":\"2026-03-01T12:00:00Z\",\"next_refresh_at\":null}";

  @TempDir Path directory = Path.of("");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, String> answers = new HashMap<>();
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private final HttpServer server = server();

  private static HttpServer server() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeEach
  void start() {
    server.createContext("/", this::answer);
    server.start();
    environment.put("PERENNIAL_ADMIN_TOKEN", TOKEN);
    environment.put("PERENNIAL_ADMIN_PORT", Integer.toString(server.getAddress().getPort()));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void connectPrintsTheLinkAloneOnStandardOutput() {
    answers.put(
        "POST /v1/connect-sessions",
        "201 {\"connect_url\":\"https://c.example/x\",\"expires_at\":\"2026-03-01T12:15:00Z\"}");

    assertThat(run("connect", "google", "--connection", "acme", "--return-to", "https://a.b/"))
        .isZero();

    assertThat(out.toString()).isEqualTo("https://c.example/x\n");
    assertThat(err.toString()).contains("until 2026-03-01T12:15:00Z");
    assertThat(requests)
        .containsExactly(
            "POST /v1/connect-sessions {\"integration\":\"google\",\"connection\":\"acme\","
                + "\"return_to\":\"https://a.b/\"}");
  }

  @Test
  void everyPageIsListed() {
    String other = ONE.replace("acme", "b");
    answers.put(
        "GET /v1/connections?limit=1000&status=active",
        "200 {\"connections\":[" + other + "," + ONE + "],\"next_cursor\":\"a b\"}");
    answers.put(
        "GET /v1/connections?limit=1000&status=active&cursor=a%20b",
        "200 {\"connections\":[" + ONE + "],\"next_cursor\":null}");

    assertThat(run("connections", "list", "--status", "active")).isZero();

    assertThat(out.toString())
        .isEqualTo(
            """
            connection   status  reason  version  expires               next refresh
            google/acme  active  -       7        2026-03-01T12:00:00Z  -
            google/b     active  -       7        2026-03-01T12:00:00Z  -
            2 connections
            """);
  }

  @Test
  void aListInJsonIsOneObjectPerLine() {
    answers.put(
        "GET /v1/connections?limit=1000&integration=google",
        "200 {\"connections\":[" + ONE + "],\"next_cursor\":null}");

    assertThat(run("connections", "list", "--integration", "google", "--json")).isZero();

    assertThat(out.toString()).isEqualTo(ONE + "\n");
  }

  @Test
  void aConnectionIsShownRefreshedAndDeleted() {
    answers.put("GET /v1/connections/google/acme", "200 " + ONE);
    answers.put("POST /v1/connections/google/a%2Bb/refresh", "202 " + ONE);
    answers.put("DELETE /v1/connections/google/default", "204 ");

    assertThat(run("connections", "show", "google/acme")).isZero();
    assertThat(out.toString()).contains("status           active\n", "reason           -\n");
    assertThat(run("connections", "show", "google/acme", "--json")).isZero();
    assertThat(out.toString()).endsWith(ONE + "\n");
    assertThat(run("connections", "refresh", "google/a+b")).isZero();
    assertThat(run("connections", "delete", "google")).isZero();
    assertThat(out.toString())
        .endsWith("asked for a refresh of google/a+b\ndeleted google/default\n");
  }

  @Test
  void whatIsNoConnectionIsWrongUsage() {
    assertThat(run("connections", "show", "Google/acme")).isEqualTo(2);
    assertThat(err.toString()).contains("not an integration");
    assertThat(requests).isEmpty();
  }

  @Test
  void aRefusalIsTheDetailOfTheProblem() {
    answers.put(
        "GET /v1/connections/google/acme",
        "404 {\"type\":\"x\",\"detail\":\"google/acme does not exist.\"}");

    assertThat(run("connections", "show", "google/acme")).isEqualTo(1);

    assertThat(err.toString()).isEqualTo("perennial: google/acme does not exist.\n");
  }

  @Test
  void nobodyAnsweringIsSaidWithTheAddress() {
    server.stop(0);

    assertThat(run("connections", "show", "google/acme")).isEqualTo(1);

    assertThat(err.toString())
        .contains("http://127.0.0.1:" + environment.get("PERENNIAL_ADMIN_PORT"), "credentials");
  }

  @Test
  void withoutATokenTheOneOfADataDirectoryIsTaken() {
    environment.clear();
    answers.put("GET /v1/connections/google/acme", "200 " + ONE);
    assertThat(run("connections", "show", "google/acme")).isEqualTo(1);
    assertThat(err.toString()).contains("PERENNIAL_ADMIN_TOKEN", "data/admin.json");

    new AdminFile(url(), Secret.of(TOKEN), "localhost:9092").write(directory.resolve("data"));

    assertThat(run("connections", "show", "google/acme")).isZero();
  }

  @Test
  void optionsWinOverTheConfiguration() {
    environment.put("PERENNIAL_ADMIN_TOKEN", "another-token-of-this-test");
    environment.put("PERENNIAL_ADMIN_PORT", "1");
    answers.put("GET /v1/connections/google/acme", "200 " + ONE);

    assertThat(
            run(
                "connections",
                "show",
                "google/acme",
                "--admin-url",
                url().toString(),
                "--admin-token",
                TOKEN))
        .isZero();
  }

  private URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    requests.add((request + " " + body).strip());
    boolean known =
        ("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"));
    String answer = known ? answers.getOrDefault(request, "500 no answer") : "401 {}";
    byte[] bytes = answer.substring(4).getBytes(UTF_8);
    exchange.sendResponseHeaders(
        Integer.parseInt(answer.substring(0, 3)), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private int run(String... args) {
    Surroundings surroundings =
        new Surroundings(
            directory, environment, new PrintWriter(out, true), new PrintWriter(err, true));
    return Cli.create(surroundings, (_, _, _) -> 0).execute(args);
  }
}
