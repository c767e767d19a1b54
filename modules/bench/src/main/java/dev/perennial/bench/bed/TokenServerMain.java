package dev.perennial.bench.bed;

import dev.perennial.devstack.provider.HttpConnection;
import dev.perennial.devstack.provider.HttpListener;
import dev.perennial.devstack.provider.HttpRequest;
import dev.perennial.devstack.provider.HttpResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A token endpoint that costs as little as one can, in a process of its own: no time of its own
 * unless it is told to wait, single-use refresh tokens, and a ledger of what was granted. Says its
 * port first. Lines on standard input: {@code delay MILLISECONDS}, {@code ledger}, {@code waiting},
 * {@code peak}. Ends where they end.
 *
 * <p>Argument: for how many connections.
 */
public final class TokenServerMain {
  /** Life of each access token, in seconds. */
  static final int LIFE = 3600;

  /** Path of the endpoint whose requests are counted by the second. */
  static final String LIMITED = "/limited/token";

  private static final String FIELD = "refresh_token=";
  private static final String CODE_FIELD = "code=";
  private static final String PADDING = "y".repeat(140);

  private final RefreshTokens tokens;
  private final AtomicInteger waiting = new AtomicInteger();
  private final Peak limited = new Peak();
  private volatile Duration delay = Duration.ZERO;

  private TokenServerMain(int connections) {
    this.tokens = new RefreshTokens(connections);
  }

  public static void main(String[] args) throws IOException {
    TokenServerMain server = new TokenServerMain(Integer.parseInt(args[0]));
    HttpListener listener = new HttpListener(0);
    listener.serve(server::answer);
    System.out.println("port " + listener.port());
    server.obey();
    Runtime.getRuntime().halt(0);
  }

  private void obey() throws IOException {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith("delay ")) {
          delay = Duration.ofMillis(Long.parseLong(line.substring("delay ".length())));
          System.out.println("delayed");
        } else if (line.equals("ledger")) {
          System.out.println(tokens.ledger());
        } else if (line.equals("waiting")) {
          System.out.println("waiting " + waiting.get());
        } else if (line.equals("peak")) {
          System.out.println("peak " + limited.most());
        }
      }
    }
  }

  private void answer(HttpRequest request, HttpConnection connection) throws IOException {
    if (request.path().equals(LIMITED)) {
      limited.count(System.nanoTime());
    }
    pause();
    String next = next(request.body());
    connection.send(
        next.isEmpty()
            ? HttpResponse.of(400, "application/json", "{\"error\":\"invalid_grant\"}")
            : new HttpResponse(200, Map.of("Content-Type", "application/json"), granted(next)));
  }

  /** What the provider takes for thinking, as a real one does. */
  private void pause() {
    Duration now = delay;
    if (!now.isZero()) {
      waiting.incrementAndGet();
      try {
        Thread.sleep(now);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        waiting.decrementAndGet();
      }
    }
  }

  /** Our requests are forms whose values need no decoding. */
  private String next(String body) {
    int at = body.indexOf(FIELD);
    if (at >= 0) {
      return tokens.spend(value(body, at + FIELD.length()));
    }
    int code = body.indexOf(CODE_FIELD);
    return code < 0 ? "" : RefreshTokens.first(Integer.parseInt(value(body, code + 5)));
  }

  private static String value(String body, int from) {
    int end = body.indexOf('&', from);
    return end < 0 ? body.substring(from) : body.substring(from, end);
  }

  /** What it answers where it grants: an access token of some 200 characters, and this one. */
  public static String granted(String refreshToken) {
    return "{\"access_token\":\"at."
        + refreshToken
        + PADDING
        + "\",\"token_type\":\"Bearer\",\"expires_in\":"
        + LIFE
        + ",\"refresh_token\":\""
        + refreshToken
        + "\",\"scope\":\"mail.read\"}";
  }
}
