package dev.perennial.app.admin;

import static dev.perennial.app.admin.AdminRoutesTest.assertProblem;
import static dev.perennial.app.admin.AdminServer.ACME;
import static dev.perennial.app.admin.AdminServer.NOW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.app.access.Caller;
import dev.perennial.app.access.Scope;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.credential.TokenResponse;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Many connections in and out, a line each. */
class BulkTest {
  private final AdminServer server = new AdminServer(Duration.ofMillis(300));

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void everyLineIsAnsweredInItsTurnAndABadOneStopsNothing() {
    server.store.set(server.state(new ConnectionKey("google", "old"), Status.ACTIVE, 1, null));
    List<JsonNode> answers =
        lines(
            imported(
                """
                {"integration":"google","connection":"a","access_token":"planted-1"}
                {"integration":"google","connection":"old","access_token":"planted-2"}

                not JSON, planted-3
                {"integration":"none","connection":"a","access_token":"planted-4"}
                {"integration":"google","connection":"a","access_token":"planted-1"}
                {"connection":"a","access_token":"planted-5"}
                {"integration":"google","connection":"a","access_token":"planted-6"}
                {"integration":"google","access_token":"planted-7"}\
                """));

    assertThat(answers.stream().map(BulkTest::told).toList())
        .containsExactly(
            "1 google/a imported",
            "2 google/old exists",
            "4 null/null refused",
            "5 none/a refused",
            "6 google/a unchanged",
            "7 null/null refused",
            "8 google/a exists",
            "9 google/default imported",
            "null null/null null");
    assertThat(answers.get(2).path("detail").asString())
        .isEqualTo("The line must be one JSON object.");
    assertThat(answers.get(3).path("detail").asString()).contains("none has no definition here");
    assertThat(answers.getLast().path("summary").toString())
        .isEqualTo(
            "{\"lines\":8,\"imported\":2,\"unchanged\":1,\"exists\":2,\"refused\":3,"
                + "\"complete\":true}");
  }

  @Test
  void whereItIsWantedWhatLivesIsReplaced() {
    server.store.set(server.state(ACME, Status.ACTIVE, 1, null));
    String line = "{\"integration\":\"google\",\"connection\":\"acme\",\"access_token\":\"a\"}\n";

    assertThat(told(lines(imported("/v1/import?mode=replace", line)).getFirst()))
        .isEqualTo("1 google/acme imported");
    assertThat(told(lines(imported("/v1/import?mode=replace", line)).getFirst()))
        .isEqualTo("1 google/acme unchanged");
    assertThat(stored(ACME).grant()).isEqualTo(101);
    assertProblem(imported("/v1/import?mode=merge", line), 400, "mode");
    assertProblem(server.post("/v1/import", line), 415, "application/x-ndjson");
  }

  @Test
  void aLineThatIsTooLongIsSkippedToItsEnd() {
    String tooLong = "x".repeat(2 << 20);
    List<JsonNode> answers =
        lines(imported(tooLong + "\n{\"integration\":\"google\",\"access_token\":\"a\"}\n"));

    assertThat(answers.getFirst().path("detail").asString()).isEqualTo("The line is too long.");
    assertThat(told(answers.get(1))).isEqualTo("2 google/default imported");
  }

  @Test
  void linesAreAnsweredWhileMoreAreComing() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST /v1/import HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
                  + "Authorization: Bearer "
                  + AdminServer.TOKEN
                  + "\r\nTransfer-Encoding: chunked\r\n\r\n")
              .getBytes(UTF_8));
      BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      for (int block = 0; block < 3; block++) {
        int from = block * 64;
        String some =
            IntStream.range(from, from + 64).mapToObj(BulkTest::line).collect(Collectors.joining());
        out.write((Integer.toHexString(some.length()) + "\r\n" + some + "\r\n").getBytes(UTF_8));
        out.flush();
        String line = Objects.requireNonNull(in.readLine());
        while (!line.contains("\"many-" + (from + 63) + "\"")) {
          line = Objects.requireNonNull(in.readLine(), "the end");
        }
      }
      out.write("0\r\n\r\n".getBytes(UTF_8));
      String line = Objects.requireNonNull(in.readLine());
      while (!line.contains("summary")) {
        line = Objects.requireNonNull(in.readLine(), "the end");
      }
      assertThat(line).contains("\"imported\":192", "\"complete\":true");
    }
  }

  private static String line(int number) {
    return "{\"integration\":\"google\",\"connection\":\"many-"
        + number
        + "\",\"access_token\":\"a\"}\n";
  }

  @Test
  void anOutageEndsItAndSaysSo() {
    server.kafkaAway = true;
    String lines = IntStream.range(0, 200).mapToObj(BulkTest::line).collect(Collectors.joining());

    List<JsonNode> answers = lines(imported(lines));

    JsonNode summary = answers.getLast().path("summary");
    assertThat(summary.path("complete").asBoolean()).isFalse();
    assertThat(summary.path("lines").asInt()).isBetween(1, 64);
    assertThat(summary.path("detail").asString()).contains("Kafka at localhost:1", "again");
  }

  @Test
  void aCallerImportsNothingOfIntegrationsItDoesNotSee() {
    server.callers.put(
        "limited",
        new Caller("limited", Set.of(Scope.CONNECTIONS_WRITE), Optional.of(Set.of("machine"))));
    HttpResponse<String> answer =
        server.send(
            server
                .request("/v1/import", "limited")
                .header("Content-Type", "application/x-ndjson")
                .POST(
                    BodyPublishers.ofString(
                        """
                        {"integration":"google","access_token":"a"}
                        {"integration":"machine","access_token":"a"}
                        """)));

    assertThat(lines(answer).getFirst().path("detail").asString()).contains("limited to");
    assertThat(server.store.states.keySet())
        .containsExactly(new ConnectionKey("machine", "default"));
  }

  @Test
  void whatIsExportedIsSealedAndCanBeImportedElsewhere() {
    for (String id : List.of("a", "b", "c")) {
      server.store.set(
          server.state(new ConnectionKey("google", id), Status.ACTIVE, 3, NOW.plusSeconds(60)));
    }
    server.store.set(server.state(new ConnectionKey("machine", "x"), Status.ACTIVE, 1, null));
    server.store.set(
        server.state(new ConnectionKey("google", "d"), Status.REAUTHORIZATION_REQUIRED, 1, null));
    CredentialState before = stored(new ConnectionKey("google", "b"));

    String exported = server.get("/v1/export?integration=google").body();

    assertThat(exported).doesNotContain("planted", "access-").hasLineCount(4);
    assertThat(server.get("/v1/export?integration=google&status=active").body()).hasLineCount(3);
    assertThat(server.get("/v1/export").body()).hasLineCount(5);
    assertThat(
            lines(server.get("/v1/export?status=reauthorization_required")).getFirst().toString())
        .startsWith(
            "{\"integration\":\"google\",\"connection\":\"d\",\"grant\":1,\"token_gen\":1,"
                + "\"version\":2,\"status\":\"reauthorization_required\",\"issued_at\":");

    assertThat(results(imported(exported))).as("where it came from").containsOnly("unchanged");
    server.store.states.clear();
    assertThat(results(imported(exported))).as("elsewhere").containsOnly("imported");
    assertThat(results(imported(exported))).as("again").containsOnly("unchanged");
    CredentialState after = stored(before.key());
    assertThat(opened(after).refreshToken()).isEqualTo(opened(before).refreshToken());
    assertThat(after.grant()).isGreaterThan(100);
    assertThat(
            results(
                imported(
                    "/v1/import?mode=replace",
                    exported.replace("\"token_gen\":3", "\"token_gen\":2"))))
        .as("older")
        .containsOnly("unchanged");
    assertThat(stored(new ConnectionKey("google", "d")).nextRefreshAt())
        .as("looked at soon")
        .isBetween(NOW, NOW.plusSeconds(10));
  }

  @Test
  void whatNoKeyOpensIsRefused() {
    server.store.set(server.state(ACME, Status.ACTIVE, 1, null));
    String exported = server.get("/v1/export").body();
    server.store.states.clear();

    String renamed = exported.replace("\"acme\"", "\"other\"");
    assertThat(lines(imported(renamed)).getFirst().path("detail").asString())
        .contains("no key here opens it");
    assertThat(results(imported(exported.replace("\"sealed\":\"", "\"sealed\":\"?"))))
        .containsOnly("refused");
    assertThat(results(imported(exported.replace("\"grant\":1", "\"grant\":-1"))))
        .containsOnly("refused");
    assertThat(server.store.states).isEmpty();
  }

  @Test
  void anExportThatBreaksOffCanBeTold() {
    for (int i = 0; i < 7; i++) {
      server.store.set(server.state(new ConnectionKey("google", "a" + i), Status.ACTIVE, 1, null));
    }
    server.store.pagesLeft.set(2);

    assertThatThrownBy(() -> server.get("/v1/export"))
        .isInstanceOf(AssertionError.class)
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void anExportWantsTheScopeThatIsAll() {
    server.callers.put(
        "most",
        new Caller(
            "most",
            Set.of(Scope.CONNECTIONS_READ, Scope.CONNECTIONS_WRITE, Scope.CREDENTIALS_READ),
            Optional.empty()));
    assertProblem(server.send(server.request("/v1/export", "most")), 403, "scope admin");
  }

  private HttpResponse<String> imported(String lines) {
    return imported("/v1/import", lines);
  }

  private HttpResponse<String> imported(String path, String lines) {
    HttpRequest.Builder request =
        server
            .request(path)
            .header("Content-Type", "application/x-ndjson")
            .POST(
                BodyPublishers.ofInputStream(
                    () -> new ByteArrayInputStream(lines.getBytes(UTF_8))));
    return server.send(request);
  }

  private static List<JsonNode> lines(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/x-ndjson");
    return answer.body().lines().map(JsonMapper.shared()::readTree).toList();
  }

  private static Set<String> results(HttpResponse<String> answer) {
    List<JsonNode> all = lines(answer);
    return all.subList(0, all.size() - 1).stream()
        .map(line -> line.path("result").asString())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String told(JsonNode line) {
    return text(line, "line")
        + " "
        + text(line, "integration")
        + "/"
        + text(line, "connection")
        + " "
        + text(line, "result");
  }

  private static String text(JsonNode line, String name) {
    JsonNode value = line.path(name);
    return value.isNull() || value.isMissingNode() ? "null" : value.asString();
  }

  private CredentialState stored(ConnectionKey key) {
    return Objects.requireNonNull(server.store.states.get(key));
  }

  private TokenResponse opened(CredentialState state) {
    return server.payloads.openTokens(state.key(), Objects.requireNonNull(state.sealed()));
  }
}
