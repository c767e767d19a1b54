package dev.perennial.stream;

import dev.perennial.domain.event.Event;
import dev.perennial.event.EventCodec;
import dev.perennial.event.EventMessage;
import dev.perennial.event.UnreadableEventException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks on at one topic: the last records of each partition, then whatever comes, without a group
 * and without holding anything up. One thread of its own alone touches the consumer. While Kafka is
 * away it keeps trying, and says so once.
 */
public final class TopicTail implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicTail.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration CLOSE = Duration.ofSeconds(5);

  /** Who looks on. Called by the tail's thread alone; must not throw. */
  public interface Watcher {
    /**
     * @param event null where the record says none that we can read: a tombstone, a mark
     */
    void record(int partition, long offset, @Nullable Event event);

    /** All that stood on the topic when the tail began has been told. Called once. */
    void caughtUp();

    /** Kafka does not answer (false), or answers again (true). */
    void reachable(boolean answers);
  }

  private final String topic;
  private final EventCodec codec;
  private final int back;
  private final Watcher watcher;
  private final Supplier<Consumer<byte[], byte[]>> open;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable Consumer<byte[], byte[]> consumer;

  /** The thread's: whether the last contact failed. */
  private boolean troubled;

  /** The thread's: the ends to be reached before it has caught up; empty afterwards. */
  private Map<TopicPartition, Long> ends = Map.of();

  private TopicTail(
      KafkaSettings kafka, String topic, EventCodec codec, int back, Watcher watcher) {
    this.topic = topic;
    this.codec = codec;
    this.back = back;
    this.watcher = watcher;
    this.open = () -> new KafkaConsumer<>(ClientProperties.reader(kafka, topic));
    this.thread = Thread.ofPlatform().daemon().name("tail-" + topic).unstarted(this::run);
  }

  /**
   * Begins at once; Kafka need not be there yet.
   *
   * @param back how many records to read back at most, over all partitions; each partition has the
   *     same share of them
   */
  public static TopicTail start(
      KafkaSettings kafka, String topic, EventCodec codec, int back, Watcher watcher) {
    TopicTail tail = new TopicTail(kafka, topic, codec, back, watcher);
    tail.thread.start();
    return tail;
  }

  private void run() {
    try {
      follow(insist(this::opened));
    } catch (WakeupException | InterruptException e) {
      LOG.debug("no longer looking on at {}", topic);
    } catch (RuntimeException e) {
      LOG.error("looking on at {} ended by a fault; later changes will not be seen", topic, e);
      watcher.reachable(false);
    } finally {
      release();
    }
  }

  /** Fails where no name of a server can be resolved. */
  private Consumer<byte[], byte[]> opened() {
    Consumer<byte[], byte[]> made = open.get();
    consumer = made;
    return made;
  }

  private void release() {
    Consumer<byte[], byte[]> open = consumer;
    if (open != null) {
      open.close();
    }
  }

  private void follow(Consumer<byte[], byte[]> from) {
    List<TopicPartition> partitions = insist(() -> partitions(from));
    from.assign(partitions);
    insist(() -> rewind(from, partitions));
    checkCaughtUp(from);
    while (closed.getCount() > 0) {
      insist(() -> from.poll(POLL)).forEach(this::hand);
      checkCaughtUp(from);
    }
  }

  private List<TopicPartition> partitions(Consumer<byte[], byte[]> from) {
    List<PartitionInfo> found = from.partitionsFor(topic);
    if (found == null || found.isEmpty()) {
      throw new UnknownTopicOrPartitionException("there is no topic " + topic);
    }
    return found.stream().map(it -> new TopicPartition(it.topic(), it.partition())).toList();
  }

  private boolean rewind(Consumer<byte[], byte[]> from, List<TopicPartition> partitions) {
    Map<TopicPartition, Long> begin = from.beginningOffsets(partitions);
    ends = from.endOffsets(partitions);
    long share = back / partitions.size();
    ends.forEach((partition, end) ->
        from.seek(partition, Math.max(begin.getOrDefault(partition, 0L), end - share)));
    return true;
  }

  /** Positions are asked, not counted: what compaction took away brings no record. */
  private void checkCaughtUp(Consumer<byte[], byte[]> from) {
    if (!ends.isEmpty() && ends.entrySet().stream().allMatch(it -> isReached(from, it))) {
      ends = Map.of();
      watcher.caughtUp();
    }
  }

  private static boolean isReached(
      Consumer<byte[], byte[]> from, Map.Entry<TopicPartition, Long> end) {
    try {
      return from.position(end.getKey(), Duration.ZERO) >= end.getValue();
    } catch (TimeoutException e) {
      return false; // not known yet; the next poll finds it
    }
  }

  private void hand(ConsumerRecord<byte[], byte[]> record) {
    if (closed.getCount() == 0) {
      throw new WakeupException();
    }
    watcher.record(record.partition(), record.offset(), decoded(record));
  }

  private @Nullable Event decoded(ConsumerRecord<byte[], byte[]> record) {
    EventMessage message = Records.fromKafka(record);
    if (message.isTombstone()) {
      return null;
    }
    try {
      return codec.decode(message);
    } catch (UnreadableEventException e) {
      LOG.debug("{}-{} at {}: unreadable", topic, record.partition(), record.offset(), e);
      return null;
    }
  }

  private <T> T insist(Supplier<T> step) {
    while (true) {
      try {
        T result = step.get();
        recovered();
        return result;
      } catch (WakeupException | InterruptException e) {
        throw e;
      } catch (KafkaException e) {
        failed(e);
        pause();
      }
    }
  }

  private void failed(KafkaException failure) {
    if (!troubled) {
      LOG.warn("cannot look on at {}, and keep trying: {}", topic, Failures.describe(failure));
      watcher.reachable(false);
    }
    troubled = true;
  }

  private void recovered() {
    if (troubled) {
      LOG.info("looking on at {} again", topic);
      watcher.reachable(true);
    }
    troubled = false;
  }

  private void pause() {
    try {
      if (closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new WakeupException();
      }
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /** Returns once the thread is gone, within 5 s. */
  @Override
  public void close() {
    closed.countDown();
    Consumer<byte[], byte[]> open = consumer;
    if (open != null) {
      open.wakeup();
    }
    try {
      thread.join(CLOSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
