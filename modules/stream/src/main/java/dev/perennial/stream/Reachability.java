package dev.perennial.stream;

import dev.perennial.stream.ClientProperties.Membership;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether Kafka can be heard. kafka-clients mends connections silently and without end, so an
 * outage is read from the bytes that come in: a member of a group hears an answer at least with
 * each heartbeat. One line is logged when Kafka falls silent and one when it is back.
 *
 * <p>{@link #note} belongs to one thread; the questions may come from any.
 */
final class Reachability {
  private static final Logger LOG = LoggerFactory.getLogger(Reachability.class);

  private final String who;
  private final Duration silence;
  private final LongSupplier nanoTime;

  private double bytes;
  private boolean told;
  private volatile long heardAt;
  private volatile boolean reachable;

  /**
   * @param who is listening and to which servers, for the log
   * @param silence this much counts as an outage
   */
  Reachability(String who, Duration silence, LongSupplier nanoTime) {
    this.who = who;
    this.silence = silence;
    this.nanoTime = nanoTime;
    this.heardAt = nanoTime.getAsLong();
  }

  /** Of a member of a group: silent for two thirds of the time after which it counts as dead. */
  static Reachability of(KafkaSettings kafka, Membership member, LongSupplier nanoTime) {
    return new Reachability(
        "Kafka at " + kafka.bootstrapServers() + " (group " + member.group() + ")",
        member.sessionTimeout().multipliedBy(2).dividedBy(3),
        nanoTime);
  }

  /**
   * @param total bytes that have come in so far
   */
  void note(double total) {
    if (total > bytes) {
      heardAt = nanoTime.getAsLong();
      heard();
    } else if (!recent()) {
      silent();
    }
    bytes = total;
  }

  private void heard() {
    reachable = true;
    if (told) {
      told = false;
      LOG.info("{}: reachable again", who);
    }
  }

  private void silent() {
    reachable = false;
    if (!told) {
      told = true;
      LOG.warn(
          "{}: unreachable, nothing heard for {} s; trying on. Check that Kafka runs there.",
          who,
          silence.toSeconds());
    }
  }

  /** As of the last {@link #note}; false before the first contact. */
  boolean reachable() {
    return reachable;
  }

  /** The same, and the last sign of life is recent by the clock as it is now. */
  boolean fresh() {
    return reachable && recent();
  }

  private boolean recent() {
    return nanoTime.getAsLong() - heardAt < silence.toNanos();
  }
}
