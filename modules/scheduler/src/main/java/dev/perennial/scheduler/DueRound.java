package dev.perennial.scheduler;

import dev.perennial.domain.event.Event.RefreshDue;
import dev.perennial.domain.event.EventPublisher;
import dev.perennial.domain.refresh.DueIndex;
import dev.perennial.domain.refresh.DueIndex.Due;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at one shard: what is due is claimed and said on {@code refresh-due}. A claim moves the
 * entry forward by the re-emit interval before it is said, so an event that is lost between the two
 * is said again by itself, and one that is said twice meets an attempt that refuses it.
 * Thread-safe.
 */
public final class DueRound {
  private static final Logger LOG = LoggerFactory.getLogger(DueRound.class);

  private final DueIndex index;
  private final EventPublisher publisher;
  private final InstantSource clock;
  private final int most;
  private final Duration reemit;

  /**
   * @param most claimed in one round, 1 to 200
   * @param reemit after which an unanswered event is said again
   */
  public DueRound(
      DueIndex index, EventPublisher publisher, InstantSource clock, int most, Duration reemit) {
    this.index = index;
    this.publisher = publisher;
    this.clock = clock;
    this.most = most;
    this.reemit = reemit;
  }

  /**
   * Claims and says what is due in the shard.
   *
   * @return whether there may be more at once
   * @throws dev.perennial.domain.UnavailableException where Redis or Kafka does not answer; nothing
   *     is lost, the claimed entries come back after the re-emit interval
   */
  public boolean run(int shard) {
    List<Due> claimed = index.claim(shard, most, reemit);
    Instant now = clock.instant();
    publisher.publishAll(claimed.stream().map(due -> event(due, now)).toList());
    claimed.forEach(due -> LOG.debug("due {} version {}", due.key(), due.version()));
    return claimed.size() == most;
  }

  private static RefreshDue event(Due due, Instant now) {
    return new RefreshDue(due.key(), due.version(), RefreshDue.Cause.SCHEDULED, now);
  }
}
