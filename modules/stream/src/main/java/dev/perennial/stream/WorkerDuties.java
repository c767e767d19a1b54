package dev.perennial.stream;

import dev.perennial.stream.Workload.Progress;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the poll thread does for a {@link KeyOrderedWorker}: it hands records over, pauses what is
 * full, commits watermarks, and lets partitions go in good order.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>Only watermarks of partitions that are ours are committed, and only where they rose.
 *   <li>At most one asynchronous commit is under way, so none overtakes another.
 *   <li>A revoked or left partition: first nothing starts any more, then running handlers end
 *       (within the bound), then the commit. A lost one: no commit.
 *   <li>A turn does not wait for handlers.
 * </ol>
 */
final class WorkerDuties implements GroupMember.Duties {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerDuties.class);
  private static final Duration LAST_COMMIT = Duration.ofSeconds(5);

  private final WorkerSettings settings;
  private final Workload<ConsumerRecord<byte[], byte[]>> workload;
  private final LongSupplier nanoTime;
  private final Map<Integer, OwnedPartition> owned = new HashMap<>();
  private boolean committing;
  private long lookedAt;
  private volatile Duration drain;
  private volatile Set<Integer> numbers = Set.of();
  private volatile Map<Integer, Long> lag = Map.of();

  WorkerDuties(
      WorkerSettings settings,
      Workload<ConsumerRecord<byte[], byte[]>> workload,
      LongSupplier nanoTime) {
    this.settings = settings;
    this.workload = workload;
    this.nanoTime = nanoTime;
    this.drain = settings.drain();
    this.lookedAt = nanoTime.getAsLong();
  }

  @Override
  public void assigned(Set<Integer> partitions, Consumer<byte[], byte[]> consumer) {
    partitions.forEach(number -> owned.put(number, new OwnedPartition(number)));
    numbers = Set.copyOf(owned.keySet());
  }

  @Override
  public void revoked(Set<Integer> partitions, Consumer<byte[], byte[]> consumer) {
    List<OwnedPartition> going = take(partitions);
    workload.letGo(going);
    int stuck = workload.awaitEnd(going, drain);
    if (stuck > 0) {
      LOG.warn(
          "group {} on {}: {} handlers still run after {} ms; whoever gets the partitions handles"
              + " their records again",
          settings.group(),
          settings.topic(),
          stuck,
          drain.toMillis());
    }
    commitNow(going, consumer);
  }

  @Override
  public void lost(Set<Integer> partitions) {
    workload.letGo(take(partitions));
    LOG.warn("group {} on {}: lost partitions {}", settings.group(), settings.topic(), partitions);
  }

  @Override
  public void leaving(Consumer<byte[], byte[]> consumer) {
    revoked(Set.copyOf(owned.keySet()), consumer);
    committing = false;
  }

  private List<OwnedPartition> take(Set<Integer> partitions) {
    List<OwnedPartition> taken =
        owned.values().stream().filter(one -> partitions.contains(one.number())).toList();
    owned.keySet().removeAll(partitions);
    release(partitions);
    return taken;
  }

  @Override
  public void turn(ConsumerRecords<byte[], byte[]> records, Consumer<byte[], byte[]> consumer) {
    for (ConsumerRecord<byte[], byte[]> read : records) {
      OwnedPartition owner = owned.get(read.partition());
      if (owner == null) {
        throw new IllegalStateException("a record of partition " + read.partition() + ", not ours");
      }
      workload.add(owner, read.offset(), Records.laneOf(read), read);
    }
    owned.values().forEach(partition -> pauseOrResume(partition, consumer));
    long now = nanoTime.getAsLong();
    if (now - lookedAt >= settings.commitEvery().toNanos()) {
      lookedAt = now;
      workload.letThrough(settings.patience());
      commitLater(consumer);
      measure(consumer);
    }
  }

  private void pauseOrResume(OwnedPartition partition, Consumer<byte[], byte[]> consumer) {
    int open = workload.progress(partition).open();
    int most = settings.mostOpen(owned.size());
    if (!partition.paused && open >= most) {
      consumer.pause(List.of(at(partition.number())));
      partition.paused = true;
    } else if (partition.paused && open <= most / 2) {
      consumer.resume(List.of(at(partition.number())));
      partition.paused = false;
    }
  }

  /**
   * A commit that fails is no reason to stop: a rebalance is under way and the next look commits,
   * or the partitions are not ours any more and their next owner sees the records, or Kafka is
   * away, which is said elsewhere.
   */
  private void commitLater(Consumer<byte[], byte[]> consumer) {
    Map<OwnedPartition, Long> moved = moved(owned.values());
    if (committing || moved.isEmpty()) {
      return;
    }
    committing = true;
    consumer.commitAsync(
        offsets(moved),
        (_, failure) -> {
          committing = false;
          if (failure == null) {
            moved.forEach(OwnedPartition::committed);
          } else {
            LOG.debug("commit on {}, trying again: {}", settings.topic(), failure.toString());
          }
        });
  }

  private void commitNow(List<OwnedPartition> going, Consumer<byte[], byte[]> consumer) {
    Map<OwnedPartition, Long> moved = moved(going);
    if (moved.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(offsets(moved), LAST_COMMIT);
    } catch (KafkaException e) {
      LOG.info(
          "group {} on {}: partitions {} go without their last commit, so that their next owner"
              + " repeats some records: {}",
          settings.group(),
          settings.topic(),
          moved.keySet().stream().map(OwnedPartition::number).sorted().toList(),
          e.getClass().getSimpleName());
    }
  }

  private Map<OwnedPartition, Long> moved(Collection<OwnedPartition> partitions) {
    Map<OwnedPartition, Long> moved = new HashMap<>();
    for (OwnedPartition partition : partitions) {
      long watermark = workload.progress(partition).watermark();
      if (watermark > partition.committed) {
        moved.put(partition, watermark);
      }
    }
    return moved;
  }

  private Map<TopicPartition, OffsetAndMetadata> offsets(Map<OwnedPartition, Long> moved) {
    return moved.entrySet().stream()
        .collect(
            Collectors.toMap(
                entry -> at(entry.getKey().number()),
                entry -> new OffsetAndMetadata(entry.getValue())));
  }

  /** Records on the partition that are not read yet, and those read above the watermark. */
  private void measure(Consumer<byte[], byte[]> consumer) {
    Map<Integer, Long> measured = new HashMap<>();
    for (OwnedPartition partition : owned.values()) {
      Progress progress = workload.progress(partition);
      consumer
          .currentLag(at(partition.number()))
          .ifPresent(unread ->
              measured.put(partition.number(), unread + progress.next() - progress.watermark()));
    }
    lag = Map.copyOf(measured);
  }

  private void release(Set<Integer> partitions) {
    Set<Integer> rest = new HashSet<>(numbers);
    rest.removeAll(partitions);
    numbers = Set.copyOf(rest);
    Map<Integer, Long> measured = new HashMap<>(lag);
    measured.keySet().removeAll(partitions);
    lag = Map.copyOf(measured);
  }

  private TopicPartition at(int partition) {
    return new TopicPartition(settings.topic(), partition);
  }

  /** How long running handlers are waited for from now on. */
  void drainWithin(Duration most) {
    drain = most;
  }

  /** The partitions that are owned and not about to go. */
  Set<Integer> partitions() {
    return numbers;
  }

  /** Of each owned partition where it is known, as of the last look. */
  Map<Integer, Long> lag() {
    return lag;
  }
}
