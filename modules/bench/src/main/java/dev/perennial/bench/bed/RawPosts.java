package dev.perennial.bench.bed;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * The ceiling: the token call alone, by the HTTP client that the exchanger uses and with its
 * settings (classic, a virtual thread per call, kept connections, nothing repeated), as fast as it
 * goes. Thread-safe.
 */
public final class RawPosts implements AutoCloseable {
  private static final int CONNECTIONS = 4096;
  private static final Timeout LIMIT = Timeout.ofSeconds(30);
  private static final Duration RAMP = Duration.ofMillis(300);

  private final URI uri;
  private final byte[] body;
  private final CloseableHttpClient client = client();

  public RawPosts(URI uri, String body) {
    this.uri = uri;
    this.body = body.getBytes(StandardCharsets.UTF_8);
  }

  /** As the exchanger's. */
  static CloseableHttpClient client() {
    return HttpClientBuilder.create()
        .setConnectionManager(
            PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnTotal(CONNECTIONS)
                .setMaxConnPerRoute(CONNECTIONS)
                .setDefaultConnectionConfig(
                    ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.ofSeconds(5))
                        .setValidateAfterInactivity(TimeValue.ofMilliseconds(100))
                        .setIdleTimeout(Timeout.ofSeconds(10))
                        .setTimeToLive(TimeValue.ofMinutes(5))
                        .build())
                .build())
        .setUserAgent("Perennial")
        .evictIdleConnections(TimeValue.ofSeconds(10))
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableContentCompression()
        .disableConnectionState()
        .build();
  }

  /**
   * What came of a while.
   *
   * @param perSecond answers read to their end
   * @param cpuMicros processor time of this process for each
   * @param serverMicros processor time of the token server for each
   */
  public record Result(double perSecond, double cpuMicros, double serverMicros) {}

  /**
   * Runs so many at a time for a while, and counts once they have got going.
   *
   * @throws BedException where one of them fails
   */
  public Result run(int concurrency, Duration window, long serverPid) {
    Going going = new Going();
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < concurrency; i++) {
      callers.add(Thread.ofVirtual().start(() -> call(going)));
    }
    LockSupport.parkNanos(RAMP.toNanos());
    Moment from = Moment.now(going.answers.sum(), serverPid);
    LockSupport.parkNanos(window.toNanos());
    Moment to = Moment.now(going.answers.sum(), serverPid);
    going.over = true;
    callers.forEach(RawPosts::join);
    if (going.failure != null) {
      throw new BedException("a raw request failed: " + going.failure);
    }
    return to.since(from);
  }

  private static final class Going {
    final LongAdder answers = new LongAdder();
    volatile boolean over;
    volatile @org.jspecify.annotations.Nullable Exception failure;
  }

  private record Moment(long nanos, long answers, Duration ours, Duration server) {
    static Moment now(long answers, long serverPid) {
      return new Moment(
          System.nanoTime(),
          answers,
          ProcessorTime.of(ProcessHandle.current().pid()),
          ProcessorTime.of(serverPid));
    }

    Result since(Moment from) {
      double count = answers - from.answers;
      return new Result(
          count * 1e9 / (nanos - from.nanos),
          ours.minus(from.ours).toNanos() / 1e3 / count,
          server.minus(from.server).toNanos() / 1e3 / count);
    }
  }

  private void call(Going going) {
    try {
      while (!going.over) {
        post();
        going.answers.increment();
      }
    } catch (IOException | RuntimeException e) {
      going.failure = e;
      going.over = true;
    }
  }

  private void post() throws IOException {
    HttpPost post = new HttpPost(uri);
    post.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_FORM_URLENCODED));
    HttpClientContext context = HttpClientContext.create();
    context.setRequestConfig(
        RequestConfig.custom()
            .setConnectionRequestTimeout(LIMIT)
            .setResponseTimeout(LIMIT)
            .build());
    try (ClassicHttpResponse response = client.executeOpen(null, post, context)) {
      byte[] answer = EntityUtils.toByteArray(response.getEntity());
      if (response.getCode() != 200 || answer.length == 0) {
        throw new IOException("HTTP " + response.getCode());
      }
    }
  }

  private static void join(Thread caller) {
    try {
      caller.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    client.close(CloseMode.IMMEDIATE);
  }
}
