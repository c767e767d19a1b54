package dev.perennial.app.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.access.Caller;
import dev.perennial.app.access.Scope;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.event.Event;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ChangeStreamTest {
  private final ConsoleServer console = new ConsoleServer();
  private final HttpClient client = HttpClient.newHttpClient();

  ChangeStreamTest() {
    console.memory.caughtUp();
    console.signIn(ConsoleServer.ADMIN);
  }

  @AfterEach
  void close() {
    client.shutdownNow();
    console.close();
  }

  private void happened(String key, long tokenGen) {
    console.memory.record(
        0,
        tokenGen,
        new Event.CredentialUpdated(
            console.admin.state(ConnectionKey.parse(key), Status.ACTIVE, tokenGen)));
  }

  private Lines open(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<InputStream> answer =
        client.send(request.GET().build(), BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
    Lines lines =
        new Lines(new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8)));
    assertThat(lines.next()).isEqualTo("retry: 2000");
    return lines;
  }

  private record Lines(BufferedReader reader) {
    /** Without signs of life; empty at the end. */
    String next() throws IOException {
      String line = "";
      while (line != null && (line.isEmpty() || line.startsWith(":"))) {
        line = reader.readLine();
      }
      return line == null ? "" : line;
    }
  }

  @Test
  void whatChangesIsToldAndGoneOnWithBehindTheLastOneHeardOf() throws Exception {
    happened("google/before", 1);
    Lines lines = open(console.request("/changes"));
    happened("google/acme", 2);
    String id = lines.next();
    assertThat(id).startsWith("id: ");
    assertThat(lines.next()).isEqualTo("event: change");
    assertThat(lines.next())
        .contains("\"connection\":\"acme\"", "\"version\":3")
        .doesNotContain("sealed", "access-");
    happened("google/missed", 3);
    Lines again =
        open(console.request("/changes").header("Last-Event-ID", id.substring("id: ".length())));
    again.next();
    again.next();
    assertThat(again.next()).contains("\"connection\":\"missed\"");
  }

  @Test
  void onlyOneConnectionIsToldOfWhereOnlyOneIsAskedFor() throws Exception {
    Lines lines = open(console.request("/changes?connection=google%2Facme"));
    happened("google/other", 1);
    happened("google/acme", 2);
    lines.next();
    lines.next();
    assertThat(lines.next()).contains("\"connection\":\"acme\"");
  }

  @Test
  void whoeverIsLimitedHearsOfNothingElse() throws Exception {
    console.admin.know(
        "limited",
        new Caller("key l", Set.of(Scope.CONNECTIONS_READ), Optional.of(Set.of("google"))));
    console.signIn("limited");
    Lines lines = open(console.request("/changes"));
    happened("shop/hidden", 1);
    happened("google/acme", 2);
    lines.next();
    lines.next();
    assertThat(lines.next()).contains("\"connection\":\"acme\"");
  }

  @Test
  void aMarkOfAnotherProcessIsAGap() throws Exception {
    happened("google/acme", 2);
    Lines lines = open(console.request("/changes").header("Last-Event-ID", "zz-1"));
    lines.next();
    assertThat(lines.next()).isEqualTo("event: gap");
  }

  @Test
  void itEndsWithTheProcessAndWithTheKey() throws Exception {
    console.admin.know(
        "soon", new Caller("key s", Set.of(Scope.CONNECTIONS_READ), Optional.empty()));
    console.signIn("soon");
    Lines revoked = open(console.request("/changes"));
    console.admin.revoke("soon");
    happened("google/acme", 1);
    assertThat(revoked.next()).isEmpty();

    console.signIn(ConsoleServer.ADMIN);
    Lines drained = open(console.request("/changes"));
    console.memory.close();
    assertThat(drained.next()).isEmpty();
  }
}
