package dev.perennial.exchanger;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.event.Event;
import dev.perennial.exchanger.ExchangeListener.Work;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One line for each handler run that came to a result: the same facts as text for people and as
 * key-value pairs for machines; and the listener is told. Not thread-safe.
 */
final class OutcomeLog {
  private static final Logger LOG = LoggerFactory.getLogger("dev.perennial.exchanger.outcome");

  private final Work work;
  private final String what;
  private final ConnectionKey key;
  private final String base;
  private final long number;
  private final LongSupplier nanoTime;
  private final ExchangeListener listener;
  private final long since;
  private @Nullable String attempt;

  private OutcomeLog(
      Work work,
      ConnectionKey key,
      String base,
      long number,
      LongSupplier nanoTime,
      ExchangeListener listener) {
    this.work = work;
    this.what = work == Work.REFRESH ? "refresh" : "code exchange";
    this.key = key;
    this.base = base;
    this.number = number;
    this.nanoTime = nanoTime;
    this.listener = listener;
    this.since = nanoTime.getAsLong();
  }

  /** The run's time begins to count. */
  static OutcomeLog ofRefresh(
      Event.RefreshDue event, LongSupplier nanoTime, ExchangeListener listener) {
    return new OutcomeLog(
        Work.REFRESH, event.key(), "version", event.version(), nanoTime, listener);
  }

  /** The run's time begins to count. */
  static OutcomeLog ofCode(
      Event.CodeReceived event, LongSupplier nanoTime, ExchangeListener listener) {
    return new OutcomeLog(Work.CODE, event.key(), "grant", event.grant(), nanoTime, listener);
  }

  /** The attempt that the run has begun. */
  void begun(String id) {
    attempt = id;
  }

  void success(Outcome outcome, String words) {
    end(Level.INFO, outcome, words, null);
  }

  void failure(Outcome outcome, String words) {
    end(Level.WARN, outcome, words, null);
  }

  void failure(Outcome outcome, String words, Reason reason) {
    end(Level.WARN, outcome, words + reason, reason);
  }

  /** Nothing was done, as it should be. */
  void dropped(Outcome outcome, String words) {
    end(Level.DEBUG, outcome, words, null);
  }

  private void end(Level level, Outcome outcome, String words, @Nullable Reason reason) {
    long nanos = nanoTime.getAsLong() - since;
    listener.handled(work, key, outcome, Duration.ofNanos(nanos));
    if (LOG.isEnabledForLevel(level)) {
      write(LOG.atLevel(level), outcome, words, reason, nanos / 1_000_000);
    }
  }

  private void write(
      LoggingEventBuilder line,
      Outcome outcome,
      String words,
      @Nullable Reason reason,
      long millis) {
    LoggingEventBuilder full =
        line.addKeyValue("integration", key.integration())
            .addKeyValue("connection", key.connection())
            .addKeyValue(base, number)
            .addKeyValue("outcome", outcome.text())
            .addKeyValue("duration_ms", millis);
    full = attempt == null ? full : full.addKeyValue("attempt", attempt);
    full = reason == null ? full : full.addKeyValue("reason", reason.code());
    full.log("{} of {}, {} {}: {} ({} ms)", what, key, base, number, words, millis);
  }
}
