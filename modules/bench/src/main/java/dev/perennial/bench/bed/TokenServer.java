package dev.perennial.bench.bed;

import dev.perennial.bench.bed.Child.Launch;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** {@link TokenServerMain} as seen from here. Thread-safe. */
public final class TokenServer implements AutoCloseable {
  private final Child child;
  private final int port;

  private TokenServer(Child child, int port) {
    this.child = child;
    this.port = port;
  }

  static TokenServer start(Path directory, int connections) {
    Child child =
        Child.start(
            new Launch(
                "the token server",
                TokenServerMain.class,
                List.of("-XX:+UseCompactObjectHeaders", "-XX:+UseParallelGC", "-Xms256m", "-Xmx1g"),
                List.of(Integer.toString(connections)),
                Map.of(),
                directory,
                directory.resolve("token-server.log")));
    try {
      String said = child.await("port ");
      return new TokenServer(child, Integer.parseInt(said.substring("port ".length())));
    } catch (RuntimeException e) {
      child.close();
      throw e;
    }
  }

  public URI tokenUri() {
    return URI.create("http://127.0.0.1:" + port + "/token");
  }

  /** Another endpoint of it, which notices how many come in a second. */
  public URI limitedUri() {
    return tokenUri().resolve(TokenServerMain.LIMITED);
  }

  /** Requests that it is thinking about now. */
  public synchronized int waiting() {
    child.say("waiting");
    return Integer.parseInt(child.await("waiting ").substring("waiting ".length()));
  }

  /** The most that came to the limited endpoint within any second. */
  public synchronized int peak() {
    child.say("peak");
    return Integer.parseInt(child.await("peak ").substring("peak ".length()));
  }

  /** The body of a request that is good at any time, as long as one of ours. */
  public static String steadyBody() {
    return "client_id=bench-client&client_secret=bench-secret-2f6b9c14&grant_type=refresh_token"
        + "&refresh_token="
        + RefreshTokens.STEADY;
  }

  /** From here on it takes this long for each answer. */
  public synchronized void delay(Duration each) {
    child.say("delay " + each.toMillis());
    child.await("delayed");
  }

  public synchronized RefreshTokens.Ledger ledger() {
    child.say("ledger");
    return RefreshTokens.Ledger.parse(child.await("ledger "));
  }

  public long pid() {
    return child.pid();
  }

  @Override
  public void close() {
    child.close();
  }
}
