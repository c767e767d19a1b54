package dev.perennial.app.metric;

import static dev.perennial.app.metric.Metric.CONSUMER_LAG;
import static dev.perennial.app.metric.Metric.DEAD_LETTERS;
import static dev.perennial.app.metric.Metric.IN_FLIGHT;
import static dev.perennial.app.metric.Metric.IN_FLIGHT_LIMIT;
import static dev.perennial.app.metric.Metric.RECORDS_HANDLED;

import dev.perennial.stream.KeyOrderedWorker;

/** What the workers of topics tell of themselves. */
public final class WorkerMeters {
  static final String[] TOPICS = {"code-received", "refresh-due"};

  private WorkerMeters() {}

  /**
   * @param topic without the prefix
   */
  public static void of(Meters meters, String topic, KeyOrderedWorker worker) {
    meters.gauge(IN_FLIGHT, worker::inFlight, topic);
    meters.gauge(IN_FLIGHT_LIMIT, worker::allowed, topic);
    meters.gauge(CONSUMER_LAG, () -> lag(worker), "exchanger", topic);
    meters.total(RECORDS_HANDLED, worker::handled, topic);
    meters.total(DEAD_LETTERS, worker::deadLettered, topic);
  }

  private static long lag(KeyOrderedWorker worker) {
    return worker.lag().values().stream().mapToLong(Long::longValue).sum();
  }
}
