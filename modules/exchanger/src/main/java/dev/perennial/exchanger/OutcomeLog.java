package dev.perennial.exchanger;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.event.Event;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One line for each handler run that came to a result: the same facts as text for people and as
 * key-value pairs for machines.
 */
final class OutcomeLog {
  private static final Logger LOG = LoggerFactory.getLogger("dev.perennial.exchanger.outcome");

  private final String what;
  private final ConnectionKey key;
  private final String base;
  private final long number;
  private final LongSupplier nanoTime;
  private final long since;

  private OutcomeLog(
      String what, ConnectionKey key, String base, long number, LongSupplier nanoTime) {
    this.what = what;
    this.key = key;
    this.base = base;
    this.number = number;
    this.nanoTime = nanoTime;
    this.since = nanoTime.getAsLong();
  }

  /** The run's time begins to count. */
  static OutcomeLog ofRefresh(Event.RefreshDue event, LongSupplier nanoTime) {
    return new OutcomeLog("refresh", event.key(), "version", event.version(), nanoTime);
  }

  /** The run's time begins to count. */
  static OutcomeLog ofCode(Event.CodeReceived event, LongSupplier nanoTime) {
    return new OutcomeLog("code exchange", event.key(), "grant", event.grant(), nanoTime);
  }

  void success(String outcome) {
    write(Level.INFO, outcome);
  }

  void failure(String outcome) {
    write(Level.WARN, outcome);
  }

  /** Nothing was done, as it should be. */
  void dropped(String outcome) {
    write(Level.DEBUG, outcome);
  }

  private void write(Level level, String outcome) {
    long millis = (nanoTime.getAsLong() - since) / 1_000_000;
    LOG.atLevel(level)
        .addKeyValue("integration", key.integration())
        .addKeyValue("connection", key.connection())
        .addKeyValue(base, number)
        .addKeyValue("outcome", outcome)
        .addKeyValue("duration_ms", millis)
        .log("{} of {}, {} {}: {} ({} ms)", what, key, base, number, outcome, millis);
  }
}
