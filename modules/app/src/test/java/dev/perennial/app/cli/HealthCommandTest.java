package dev.perennial.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code perennial health} against a process that answers what it was told to. */
class HealthCommandTest {
  @TempDir Path directory = Path.of("");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, String> environment = new HashMap<>();
  private int readiness = 200;
  private final HttpServer server;

  HealthCommandTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void start() {
    server.createContext("/health/ready", exchange -> answer(exchange, readiness, "ready?"));
    server.createContext("/health/live", exchange -> answer(exchange, 200, "alive"));
    server.start();
    environment.put("PERENNIAL_ADMIN_HOST", "0.0.0.0");
    environment.put("PERENNIAL_ADMIN_PORT", Integer.toString(server.getAddress().getPort()));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void readyIsExitCodeZeroWithWhatWasAnswered() {
    assertThat(run("health")).isZero();
    assertThat(out.toString()).isEqualTo("ready?\n");
  }

  @Test
  void notReadyIsExitCodeOneButItLives() {
    readiness = 503;
    assertThat(run("health")).isEqualTo(1);
    assertThat(run("health", "--live")).isZero();
    assertThat(out.toString()).isEqualTo("ready?\nalive\n");
  }

  @Test
  void theAddressOfAnotherProcessMayBeGiven() {
    environment.put("PERENNIAL_ADMIN_PORT", "1");
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    assertThat(run("health", "--admin-url", url)).isZero();
  }

  @Test
  void nobodyAnsweringIsSaidWithTheAddress() {
    server.stop(0);
    assertThat(run("health")).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("perennial: nobody answers at http://127.0.0.1:")
        .contains(environment.get("PERENNIAL_ADMIN_PORT"));
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
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
