package dev.perennial.exchanger;

import dev.perennial.domain.ConnectionKey;
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
  private final long version;
  private final LongSupplier nanoTime;
  private final long since;

  /** The run's time begins to count. */
  OutcomeLog(String what, ConnectionKey key, long version, LongSupplier nanoTime) {
    this.what = what;
    this.key = key;
    this.version = version;
    this.nanoTime = nanoTime;
    this.since = nanoTime.getAsLong();
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
        .addKeyValue("version", version)
        .addKeyValue("outcome", outcome)
        .addKeyValue("duration_ms", millis)
        .log("{} of {} at version {}: {} ({} ms)", what, key, version, outcome, millis);
  }
}
