package dev.perennial.app.role;

import dev.perennial.credentials.ShardOwner;
import dev.perennial.stream.KafkaShardLog;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What this process does for each shard that it owns, with the readers that all of them share.
 * Turns on one thread; the questions may come from any.
 */
final class ShardOwners implements AutoCloseable {
  private static final Duration ASK = Duration.ofSeconds(5);

  private final ShardOwner.Tools tools;
  private final KafkaShardLog topic;
  private final KafkaShardLog journal;
  private final KafkaShardLog due;
  private final Map<Integer, ShardOwner> owners = new ConcurrentHashMap<>();

  ShardOwners(Foundation on) {
    this.topic =
        KafkaShardLog.of(on.kafka, on.topics.credentialsUpdated(), on.codec, ASK, System::nanoTime);
    this.journal =
        KafkaShardLog.marked(
            on.kafka, on.topics.grantJournal(), on.codec, ASK, System::nanoTime, on.publisher);
    this.due = KafkaShardLog.of(on.kafka, on.topics.refreshDue(), on.codec, ASK, System::nanoTime);
    this.tools =
        new ShardOwner.Tools(
            on.redis,
            on.shards,
            on.times,
            on.store,
            on.codes,
            on.events,
            topic,
            journal,
            shard -> due.end(shard) > 0,
            on.clock,
            on.config.refresh().expiringLeads().all());
  }

  /** A bounded piece of work for one shard; whether there is more to do at once. */
  boolean turn(int shard) {
    return of(shard).turn();
  }

  ShardOwner of(int shard) {
    return owners.computeIfAbsent(shard, number -> new ShardOwner(number, tools));
  }

  /** Those of them that have had a turn. */
  Stream<ShardOwner> of(Set<Integer> shards) {
    return shards.stream().flatMap(shard -> Stream.ofNullable(owners.get(shard)));
  }

  /** Whether work may go on in all of these, as of their last turns. */
  boolean ready(Set<Integer> shards) {
    for (int shard : shards) {
      ShardOwner owner = owners.get(shard);
      if (owner == null || !owner.ready()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    topic.close();
    journal.close();
    due.close();
  }
}
