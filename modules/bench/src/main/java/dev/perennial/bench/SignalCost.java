package dev.perennial.bench;

import dev.perennial.app.metric.ExchangeMeters;
import dev.perennial.app.metric.ProcessMetrics;
import dev.perennial.app.metric.RedisMeters;
import dev.perennial.app.trace.Telemetry;
import dev.perennial.credentials.RedisListener;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Integrations;
import dev.perennial.exchanger.ExchangeListener;
import dev.perennial.exchanger.ExchangeListener.Work;
import dev.perennial.exchanger.Outcome;
import dev.perennial.stream.Tracing;
import io.opentelemetry.api.trace.SpanKind;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What metrics and traces of one refresh cost: three scripts, one token request, one end. The time
 * of a thread and the bytes that it allocates ({@code gc.alloc.rate.norm}).
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // the harness calls the setup
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SignalCost {
  private static final ConnectionKey KEY = ConnectionKey.parse("google/acme");
  private static final Duration TOOK = Duration.ofMillis(200);
  private static final Duration HOUR = Duration.ofHours(1);

  /** Port 9 (discard): nobody listens. */
  private static final URI NOBODY = URI.create("http://127.0.0.1:9");

  private static final String ID = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-";
  private static final Map<String, String> KEPT = Map.of("traceparent", ID + "01");
  private static final Map<String, String> LEFT_OUT = Map.of("traceparent", ID + "00");

  private static final Integrations NONE =
      new Integrations() {
        @Override
        public Optional<Integration> find(String slug) {
          return Optional.empty();
        }

        @Override
        public Collection<Integration> all() {
          return List.of();
        }
      };

  private ProcessMetrics metrics;
  private Signals silent;
  private Signals metersAlone;
  private Signals off;
  private Signals leftOut;
  private Signals kept;

  /** The listeners of a process. */
  private record Signals(
      Telemetry traces, Tracing tracing, RedisListener redis, ExchangeListener exchanges) {
    static Signals of(Telemetry traces, RedisListener redis, ExchangeListener exchanges) {
      return new Signals(
          traces, traces.tracing(), traces.redis(redis), traces.exchanges(exchanges));
    }

    void refresh() {
      redis.called("begin", 300_000, true);
      exchanges.asked(Work.REFRESH, KEY, "granted", TOOK);
      redis.called("commit", 300_000, true);
      exchanges.replaced(KEY, HOUR, HOUR);
      redis.called("published", 300_000, true);
      exchanges.handled(Work.REFRESH, KEY, Outcome.REFRESHED, TOOK);
    }

    /** Within the trace of its event. */
    void handle(Map<String, String> headers) {
      tracing.resume(headers, "process refresh-due", SpanKind.CONSUMER, this::refresh);
    }
  }

  @Setup(Level.Trial)
  public void begin() {
    metrics = new ProcessMetrics();
    RedisListener redis = new RedisMeters(metrics.meters());
    ExchangeListener exchanges = new ExchangeMeters(metrics.meters(), NONE);
    silent = Signals.of(Telemetry.off(), RedisListener.NONE, ExchangeListener.NONE);
    metersAlone = Signals.of(Telemetry.off(), redis, exchanges);
    off = Signals.of(Telemetry.off(), RedisListener.NONE, ExchangeListener.NONE);
    leftOut = Signals.of(Telemetry.to(NOBODY, 1), RedisListener.NONE, ExchangeListener.NONE);
    kept = Signals.of(Telemetry.to(NOBODY, 1), RedisListener.NONE, ExchangeListener.NONE);
  }

  @TearDown(Level.Trial)
  public void stop() {
    for (Signals one : List.of(silent, metersAlone, off, leftOut, kept)) {
      one.traces().close();
    }
    metrics.close();
  }

  /** Listeners that hear nothing: what the harness itself costs. */
  @Benchmark
  public void nothing() {
    silent.refresh();
  }

  /** Metrics alone. */
  @Benchmark
  public void metrics() {
    metersAlone.refresh();
  }

  /** Ids handed on, no collector. */
  @Benchmark
  public void tracesOff() {
    off.handle(LEFT_OUT);
  }

  /** A collector is named, and this trace is not sampled. */
  @Benchmark
  public void tracesLeftOut() {
    leftOut.handle(LEFT_OUT);
  }

  /** Every span is kept, for a collector that is away. */
  @Benchmark
  public void tracesKept() {
    kept.handle(KEPT);
  }

  public static void main(String[] arguments) throws RunnerException {
    new Runner(
            new OptionsBuilder()
                .include(SignalCost.class.getName().replace(".", "\\."))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .build())
        .run();
  }
}
