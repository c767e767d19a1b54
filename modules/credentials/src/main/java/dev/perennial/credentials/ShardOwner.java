package dev.perennial.credentials;

import dev.perennial.credentials.RedisShards.MovedException;
import dev.perennial.credentials.RedisShards.View;
import dev.perennial.domain.Shards;
import dev.perennial.domain.authorization.CodeRecords;
import dev.perennial.domain.credential.CredentialStore;
import dev.perennial.domain.event.EventPublisher;
import dev.perennial.domain.event.ShardLog;
import dev.perennial.domain.refresh.AttemptTimes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the owner of one shard does. Where Redis is not the one that was healed (it was restarted,
 * failed over, emptied, or is new) it reads topic and journal to their ends and then lets work
 * begin, refreshes after a quarantine. From then on it keeps both applied, publishes what was left
 * behind, settles codes whose worker vanished and warns of grants that come to their end.
 *
 * <p>Two owners at once do no harm: every step compares. Not thread-safe.
 */
public final class ShardOwner {
  private static final Logger LOG = LoggerFactory.getLogger(ShardOwner.class);

  /** A living writer publishes within this. */
  private static final Duration LEFT_BEHIND = Duration.ofSeconds(5);

  /**
   * What every owner works with.
   *
   * @param topic {@code credentials-updated}
   * @param journal {@code grant-journal}
   * @param everDue whether a refresh was ever due in a shard; where not, none can be under way
   * @param leads how long before the end of a grant to warn of it; empty = never
   */
  public record Tools(
      RedisConnections redis,
      Shards shards,
      AttemptTimes times,
      CredentialStore store,
      CodeRecords codes,
      EventPublisher publisher,
      ShardLog topic,
      ShardLog journal,
      IntPredicate everDue,
      InstantSource clock,
      List<Duration> leads) {}

  /** Everything that was on topic and journal at a time stands before these offsets. */
  private record Checkpoint(Instant at, long topicEnd, long journalEnd) {}

  private final int shard;
  private final Tools tools;
  private final RedisShards shards;
  private final TopicHealing healing;
  private final JournalApplication journal;
  private final OutboxRound outbox;
  private final VanishedCodeRound codes;
  private final WarningRound warnings;

  private volatile @Nullable View known;
  private @Nullable Checkpoint checkpoint;
  private volatile boolean ready;
  private long goal;

  public ShardOwner(int shard, Tools tools) {
    this.shard = shard;
    this.tools = tools;
    this.shards = new RedisShards(tools.redis(), tools.shards());
    this.healing = new TopicHealing(shard, shards, tools.topic(), tools.store(), tools.publisher());
    this.journal =
        new JournalApplication(
            shard,
            shards,
            tools.journal(),
            new OwnerStore(tools.redis(), tools.shards()),
            tools.publisher(),
            tools.clock());
    this.outbox = new OutboxRound(tools.store(), tools.publisher(), LEFT_BEHIND);
    this.codes = new VanishedCodeRound(tools.codes(), tools.publisher(), tools.clock());
    this.warnings = new WarningRound(shards, tools.store(), tools.publisher(), tools.leads());
  }

  /** Whether work may go on in the shard, as of the last turn. */
  public boolean ready() {
    return ready;
  }

  /** Records that brought something new to Redis since this healing began. */
  public long applied() {
    return healing.applied();
  }

  /** Whether it is ready and holds everything that was on the topic when this healing began. */
  public boolean caughtUp() {
    return ready && known != null && healing.position() >= goal;
  }

  /** The offset on the topic up to which everything is applied. */
  public long read() {
    return healing.position();
  }

  /** Where the topic ended when this healing began. */
  public long goal() {
    return goal;
  }

  /** How long refreshes are still held at least, as of the last turn; zero where they are not. */
  public Duration held() {
    View view = known;
    return view == null || !view.quarantined()
        ? Duration.ZERO
        : Duration.between(view.now(), view.quarantineUntil());
  }

  /** Answers read from the grant journal and not applied yet, as of the last turn. */
  public long journalWaiting() {
    return journal.waiting();
  }

  /** Since when the oldest version in the outbox waits, as of the last turn. */
  public Optional<Instant> unpublishedSince() {
    return outbox.oldest(shard);
  }

  /**
   * Does a bounded piece of work.
   *
   * @return whether there is more to do at once
   * @throws dev.perennial.domain.UnavailableException where Redis or Kafka does not answer
   */
  public boolean turn() {
    View view =
        shards.attend(shard, tools.topic().id(), tools.journal().id(), tools.times().delivery());
    try {
      return turn(view);
    } catch (MovedException e) {
      known = null;
      return true;
    }
  }

  /** Reads both topics from their start, whatever Redis says of itself. */
  public void startOver() {
    shards.attend(shard, tools.topic().id(), tools.journal().id(), tools.times().delivery());
    shards.rewind(shard, 0, 0);
    known = null;
  }

  private boolean turn(View view) {
    if (isNew(view)) {
      start(view);
    }
    known = view;
    ready = view.ready();
    boolean more = healing.step();
    if (!view.ready()) {
      return more || heal();
    }
    more |= journal.step();
    more |= settle(view);
    more |= outbox.run(shard) > 0;
    return (view.ends() > 0 && warnings.run(shard)) || more;
  }

  /** Another Redis, one that went back, or another owner in between. */
  private boolean isNew(View view) {
    return known == null
        || !known.run().equals(view.run())
        || (known.ready() && !view.ready())
        || view.topicOffset() != healing.stored()
        || view.journalOffset() != journal.position();
  }

  private void start(View view) {
    long topicEnd = tools.topic().end(shard);
    long journalEnd = tools.journal().end(shard);
    if (view.topicOffset() > topicEnd || view.journalOffset() > journalEnd) {
      LOG.warn(
          "shard {}: the topics end before what was applied; reading them from the start", shard);
      shards.rewind(shard, 0, 0);
      healing.startFrom(view.run(), 0);
      journal.startFrom(view.run(), 0);
    } else {
      healing.startFrom(view.run(), view.topicOffset());
      journal.startFrom(view.run(), view.journalOffset());
    }
    warnings.start(shard);
    goal = topicEnd;
    checkpoint = view.ready() ? null : new Checkpoint(view.now(), topicEnd, journalEnd);
  }

  /** The topic first, then the journal on top of it, then the fence. */
  private boolean heal() {
    Checkpoint to = checkpoint;
    if (to == null || healing.position() < to.topicEnd()) {
      return true;
    }
    boolean more = journal.step();
    if (journal.position() < to.journalEnd()) {
      return true;
    }
    boolean hold = tools.everDue().test(shard);
    Duration quarantine =
        hold ? tools.times().lease().plus(tools.times().delivery()) : Duration.ZERO;
    shards.ready(shard, run(), healing.stored(), quarantine, tools.times().delivery());
    checkpoint = null;
    if (hold || healing.applied() > 0) {
      LOG.info(
          "shard {} is healed, {} states restored; refreshes are held for {} s",
          shard,
          healing.applied(),
          quarantine.toSeconds());
    }
    return more;
  }

  private String run() {
    View view = known;
    return view == null ? "" : view.run();
  }

  /**
   * What waits until topic and journal are known to be applied up to some time: the end of a
   * quarantine, a probe, a code whose worker vanished.
   */
  private boolean settle(View view) {
    Checkpoint to = checkpoint;
    if (to == null) {
      boolean due = view.asks();
      if (due) {
        checkpoint =
            new Checkpoint(view.now(), tools.topic().end(shard), tools.journal().end(shard));
      }
      return due;
    }
    if (healing.position() < to.topicEnd() || journal.position() < to.journalEnd()) {
      return true;
    }
    shards.settled(shard, view.run(), to.at());
    codes.run(shard, to.at().minus(tools.times().delivery()));
    checkpoint = null;
    if (view.quarantined() && !to.at().isBefore(view.quarantineUntil())) {
      LOG.info("shard {}: refreshes go on", shard);
    }
    return false;
  }
}
