package dev.perennial.credentials;

import dev.perennial.credentials.RedisShards.Healed;
import dev.perennial.credentials.RedisShards.Placed;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.CredentialStore;
import dev.perennial.domain.event.Event.CredentialUpdated;
import dev.perennial.domain.event.EventPublisher;
import dev.perennial.domain.event.ShardLog;
import dev.perennial.domain.event.ShardLog.Batch;
import dev.perennial.domain.event.ShardLog.Entry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one partition of {@code credentials-updated} into its shard, and sees to it that the
 * highest state of each connection is the last one there, since that is what compaction keeps. Not
 * thread-safe.
 */
final class TopicHealing {
  private static final Logger LOG = LoggerFactory.getLogger(TopicHealing.class);

  /** Held against the memory and the time that one script takes of Redis. */
  private static final int MOST_RECORDS = 200;

  private static final int MOST_BYTES = 1 << 20;

  private final int shard;
  private final RedisShards shards;
  private final ShardLog topic;
  private final CredentialStore store;
  private final EventPublisher publisher;

  /** Connections whose last record may be below what is stored, by its offset. */
  private final Map<String, Long> suspects = new LinkedHashMap<>();

  private String run = "";
  private long position;
  private long stored;
  private long applied;

  TopicHealing(
      int shard,
      RedisShards shards,
      ShardLog topic,
      CredentialStore store,
      EventPublisher publisher) {
    this.shard = shard;
    this.shards = shards;
    this.topic = topic;
    this.store = store;
    this.publisher = publisher;
  }

  /** Goes on where Redis says. */
  void startFrom(String newRun, long offset) {
    run = newRun;
    position = offset;
    stored = offset;
    applied = 0;
    suspects.clear();
  }

  /** Everything before it is applied. */
  long position() {
    return position;
  }

  /** The offset that Redis knows: not beyond the first suspect, or a new owner would miss it. */
  long stored() {
    return stored;
  }

  /** Records that brought something new since the start. */
  long applied() {
    return applied;
  }

  /**
   * Applies some records.
   *
   * @return whether there may be more at once
   * @throws RedisShards.MovedException where somebody else has applied some
   */
  boolean step() {
    Batch batch = topic.read(shard, position);
    if (batch.next() == position) {
      if (!suspects.isEmpty() && topic.end(shard) == position) {
        sayCurrentAgain();
      }
      if (suspects.isEmpty() && stored < position) {
        heal(List.of(), position);
      }
      return false;
    }
    List<Placed> some = new ArrayList<>();
    int bytes = 0;
    for (Entry entry : batch.entries()) {
      if (entry.event() instanceof CredentialUpdated(var state)) {
        some.add(new Placed(entry.offset(), state));
        bytes += state.sealed() == null ? 0 : state.sealed().length();
      }
      if (some.size() == MOST_RECORDS || bytes > MOST_BYTES) {
        heal(some, entry.offset() + 1);
        some.clear();
        bytes = 0;
      }
    }
    heal(some, batch.next());
    return true;
  }

  private void heal(List<Placed> records, long next) {
    long store = suspects.values().stream().mapToLong(Long::longValue).min().orElse(next);
    Healed healed = shards.heal(shard, run, stored, Math.min(store, next), records);
    position = next;
    stored = healed.next();
    applied += healed.applied();
    for (Placed placed : records) {
      suspects.remove(placed.state().key().toString());
    }
    suspects.putAll(healed.regressed());
  }

  /** The topic's end is reached: what is below now is the last of its key. */
  private void sayCurrentAgain() {
    for (String name : List.copyOf(suspects.keySet())) {
      store
          .find(ConnectionKey.parse(name))
          .ifPresent(state -> {
            publisher.publish(new CredentialUpdated(state));
            LOG.warn(
                "{}: an older record came last on the topic; said version {} again",
                state.key(),
                state.version());
          });
      suspects.remove(name);
    }
  }
}
