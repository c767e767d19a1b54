package dev.perennial.app.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.perennial.credentials.RedisListener;
import dev.perennial.exchanger.ExchangeListener;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TelemetryTest {
  private static final String SAMPLED = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  private static final String LEFT_OUT = SAMPLED.replaceFirst("01$", "00");

  @Test
  void offItCostsNothingWhereNothingIsTraced() {
    Set<String> before = threads();
    try (Telemetry off = Telemetry.off()) {
      RedisListener redis = (_, _, _) -> {};
      ExchangeListener exchanges = new ExchangeListener() {};
      assertThat(off.redis(redis)).isSameAs(redis);
      assertThat(off.exchanges(exchanges)).isSameAs(exchanges);
      assertThat(threads()).isSubsetOf(before);
    }
  }

  @Test
  void offIdsGoOnAndNothingOfOursIsSampled() {
    try (Telemetry off = Telemetry.off()) {
      assertThat(begun(off).isValid()).isTrue();
      assertThat(begun(off).isSampled()).isFalse();
      assertThat(resumed(off, SAMPLED).isSampled()).isTrue();
      assertThat(resumed(off, LEFT_OUT).isSampled()).isFalse();
      assertThat(resumed(off, SAMPLED).getTraceId()).isEqualTo(SAMPLED.substring(3, 35));
    }
  }

  @Test
  void theShareIsOfTracesThatBeginHereAndCallersDecideAboutTheirs() {
    try (Telemetry none = Telemetry.to(nobody(), 0);
        Telemetry all = Telemetry.to(nobody(), 1)) {
      assertThat(begun(none).isSampled()).isFalse();
      assertThat(resumed(none, SAMPLED).isSampled()).isTrue();
      assertThat(begun(all).isSampled()).isTrue();
      assertThat(resumed(all, LEFT_OUT).isSampled()).isFalse();
    }
  }

  @Test
  void outsideOfATraceNothingIsSent() throws IOException {
    try (Collector collector = new Collector(true)) {
      try (Telemetry telemetry = Telemetry.to(collector.url(), 1)) {
        telemetry.redis(RedisListener.NONE).called("claim", 1, true);
      }
      assertThat(collector.came()).isZero();
      try (Telemetry telemetry = Telemetry.to(collector.url(), 1)) {
        work(telemetry, 1);
      }
      assertThat(collector.came()).isEqualTo(1);
    }
  }

  /** The queue is full many times over. */
  @Test
  void aCollectorThatHangsHoldsUpNeitherTheWorkNorTheEnd() throws IOException {
    Set<String> before = threads();
    try (Collector collector = new Collector(false)) {
      Telemetry telemetry = Telemetry.to(collector.url(), 1);
      long began = System.nanoTime();
      work(telemetry, 20 * Telemetry.QUEUE);
      assertThat(since(began)).isLessThan(Duration.ofSeconds(10));
      began = System.nanoTime();
      telemetry.close();
      assertThat(since(began)).isLessThan(Telemetry.GOODBYE.plusSeconds(3));
    }
    until(() -> assertThat(threads()).isSubsetOf(before));
  }

  private static void work(Telemetry telemetry, int scripts) {
    RedisListener redis = telemetry.redis(RedisListener.NONE);
    telemetry
        .tracing()
        .begin(
            "test",
            SpanKind.SERVER,
            () -> {
              for (int i = 0; i < scripts; i++) {
                redis.called("begin", 1, true);
              }
            });
  }

  private static SpanContext begun(Telemetry telemetry) {
    return within(work -> telemetry.tracing().begin("test", SpanKind.SERVER, work));
  }

  private static SpanContext resumed(Telemetry telemetry, String parent) {
    Map<String, String> headers = Map.of("traceparent", parent);
    return within(work -> telemetry.tracing().resume(headers, "test", SpanKind.SERVER, work));
  }

  private static SpanContext within(Consumer<Runnable> trace) {
    AtomicReference<SpanContext> seen = new AtomicReference<>(SpanContext.getInvalid());
    trace.accept(() -> seen.set(Span.current().getSpanContext()));
    return Objects.requireNonNull(seen.get());
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> !name.startsWith("ForkJoinPool") && !name.startsWith("VirtualThread"))
        .collect(Collectors.toSet());
  }

  private static void until(Runnable assertion) {
    for (int i = 0; ; i++) {
      try {
        assertion.run();
        return;
      } catch (AssertionError e) {
        if (i == 200) {
          throw e;
        }
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
    }
  }

  private static URI nobody() {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return URI.create("http://127.0.0.1:" + free.getLocalPort());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Takes requests, and answers them or never does. */
  private static final class Collector implements AutoCloseable {
    private final AtomicInteger came = new AtomicInteger();
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    Collector(boolean answers) throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(threads);
      server.createContext(
          "/v1/traces",
          exchange -> {
            exchange.getRequestBody().readAllBytes();
            came.incrementAndGet();
            if (!answers) {
              forTheEnd();
            }
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
          });
      server.start();
    }

    private void forTheEnd() {
      try {
        over.await();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }

    URI url() {
      return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    int came() {
      return came.get();
    }

    @Override
    public void close() {
      over.countDown();
      server.stop(0);
      threads.close();
    }
  }
}
