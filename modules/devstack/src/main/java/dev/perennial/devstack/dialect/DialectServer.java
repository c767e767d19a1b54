package dev.perennial.devstack.dialect;

import dev.perennial.devstack.provider.HttpConnection;
import dev.perennial.devstack.provider.HttpListener;
import dev.perennial.devstack.provider.HttpRequest;
import dev.perennial.devstack.provider.HttpResponse;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code https://<host>/<path>} of every provider at {@code
 * http://127.0.0.1:<port>/<host>/<path>}, as the one dialect has it that is being played.
 * Thread-safe.
 */
public final class DialectServer implements AutoCloseable {
  private final HttpListener listener = new HttpListener(0);
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Deque<Stage> stages = new ConcurrentLinkedDeque<>();

  private DialectServer(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
    listener.serve(this::handle);
  }

  /**
   * Starts on any port; nothing is played yet.
   *
   * @param random for tokens
   */
  public static DialectServer start(InstantSource clock, RandomGenerator random) {
    return new DialectServer(clock, random);
  }

  /**
   * Plays a dialect from now on, in place of the one before. What still comes for one of those
   * before, by its host, is a finding there and not here.
   *
   * @param redirectUrl where the browser is sent after the consent
   */
  public Stage play(Dialect dialect, String redirectUrl) {
    Stage next =
        new Stage(
            dialect, redirectUrl, issuer -> lead(URI.create(issuer)).toString(), clock, random);
    stages.addFirst(next);
    return next;
  }

  /**
   * The address at this server that takes a real one's place.
   *
   * @throws IllegalArgumentException where it is not https
   */
  public URI lead(URI real) {
    if (!"https".equals(real.getScheme())) {
      throw new IllegalArgumentException("not an https address: " + real);
    }
    return URI.create(
        "http://127.0.0.1:"
            + listener.port()
            + "/"
            + real.getRawAuthority()
            + real.getRawPath()
            + (real.getRawQuery() == null ? "" : "?" + real.getRawQuery()));
  }

  /** The other way round, without a query. */
  static String realUrl(String path) {
    return "https:/" + path;
  }

  private void handle(HttpRequest request, HttpConnection connection) throws IOException {
    Stage asked = asked(request.path().split("/", 3)[1]);
    connection.send(
        asked == null
            ? HttpResponse.of(404, "text/plain", "nothing is played\n")
            : asked.answer(request));
  }

  /** The latest that has this host, or else the latest of all. */
  private @Nullable Stage asked(String host) {
    return stages.stream().filter(it -> it.isAt(host)).findFirst().orElseGet(stages::peekFirst);
  }

  @Override
  public void close() {
    listener.close();
  }
}
