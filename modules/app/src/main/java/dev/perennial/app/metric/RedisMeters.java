package dev.perennial.app.metric;

import static dev.perennial.app.metric.Metric.REDIS;
import static dev.perennial.app.metric.Metric.REDIS_FAILURES;

import dev.perennial.credentials.RedisListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Measures the calls to Redis. Thread-safe. */
public final class RedisMeters implements RedisListener {
  private final Meters meters;
  private final Map<String, DistributionSummary> times = new ConcurrentHashMap<>();
  private final Counter failures;

  public RedisMeters(Meters meters) {
    this.meters = meters;
    this.failures = meters.counter(REDIS_FAILURES);
  }

  @Override
  public void called(String script, long nanos, boolean answered) {
    if (answered) {
      times.computeIfAbsent(script, name -> meters.histogram(REDIS, name)).record(nanos / 1e9);
    } else {
      failures.increment();
    }
  }
}
