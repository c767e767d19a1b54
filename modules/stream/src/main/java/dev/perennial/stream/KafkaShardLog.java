package dev.perennial.stream;

import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.ShardLog;
import dev.perennial.domain.event.Trace;
import dev.perennial.event.EventCodec;
import dev.perennial.event.EventMessage;
import dev.perennial.event.UnreadableEventException;
import io.opentelemetry.api.trace.SpanKind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.function.IntToLongFunction;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A topic read by its shards' owner through one consumer without a group. A shard that nobody reads
 * for half a minute is let go. Kafka need not be there yet. Not thread-safe.
 */
public final class KafkaShardLog implements ShardLog, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaShardLog.class);
  private static final Duration FORGOTTEN = Duration.ofSeconds(30);

  /** Between two looks at Kafka while nothing is known to lie there. */
  private static final Duration IDLE = Duration.ofMillis(50);

  private static final Duration FETCH = Duration.ofMillis(100);

  /** As long as Kafka takes to say whether anything lies there, for which looking has asked it. */
  private static final Duration ASK = Duration.ofMillis(5);

  private static final int MOST = 500;

  private final KafkaSettings kafka;
  private final String topic;
  private final EventCodec codec;
  private final Duration limit;
  private final LongSupplier nanoTime;
  private final IntToLongFunction end;
  private final Tracing tracing;
  private final Map<Integer, Lane> lanes = new HashMap<>();
  private @Nullable Consumer<byte[], byte[]> consumer;
  private @Nullable String id;
  private long polledAt;

  /** One partition: what was fetched and not yet read. */
  private static final class Lane {
    final Queue<ConsumerRecord<byte[], byte[]>> fetched = new ArrayDeque<>();
    long next = -1;
    long readAt;
  }

  private KafkaShardLog(
      KafkaSettings kafka,
      String topic,
      EventCodec codec,
      Duration limit,
      LongSupplier nanoTime,
      @Nullable KafkaEventPublisher marks) {
    this.kafka = kafka;
    this.topic = topic;
    this.codec = codec;
    this.limit = limit;
    this.nanoTime = nanoTime;
    this.polledAt = nanoTime.getAsLong() - IDLE.toNanos();
    this.tracing = marks == null ? Tracing.NONE : marks.tracing();
    this.end = marks == null ? this::endOffset : shard -> marks.producer().mark(topic, shard) + 1;
  }

  /**
   * A log whose end is what the leader says it is.
   *
   * @param limit for each question to Kafka
   * @param nanoTime as {@link System#nanoTime}
   */
  public static KafkaShardLog of(
      KafkaSettings kafka, String topic, EventCodec codec, Duration limit, LongSupplier nanoTime) {
    return new KafkaShardLog(kafka, topic, codec, limit, nanoTime, null);
  }

  /**
   * A log whose end is proven: a mark (a record without key and value) is written there and
   * acknowledged by all in-sync replicas, so no leader that was deposed can answer in its place.
   *
   * @param marks writes them, and its traces are resumed; to be closed after the log
   */
  public static KafkaShardLog marked(
      KafkaSettings kafka,
      String topic,
      EventCodec codec,
      Duration limit,
      LongSupplier nanoTime,
      KafkaEventPublisher marks) {
    return new KafkaShardLog(kafka, topic, codec, limit, nanoTime, marks);
  }

  @Override
  public String id() {
    String known = id;
    if (known == null) {
      known = new TopicAdmin(kafka, limit).id(topic);
      id = known;
    }
    return known;
  }

  @Override
  public long end(int shard) {
    return end.applyAsLong(shard);
  }

  @Override
  public long behind(int shard) {
    Lane lane = lanes.get(shard);
    return lane == null
        ? 0
        : lane.fetched.size() + consumer().currentLag(new TopicPartition(topic, shard)).orElse(0);
  }

  private long endOffset(int shard) {
    TopicPartition partition = new TopicPartition(topic, shard);
    return asked(() -> {
      Long offset = consumer().endOffsets(List.of(partition), limit).get(partition);
      if (offset == null) {
        throw new UnavailableException(topic + "-" + shard + ": Kafka does not say where it ends");
      }
      return offset;
    });
  }

  @Override
  public Batch read(int shard, long from) {
    return asked(() -> {
      Lane lane = lane(shard);
      if (lane.next != from) {
        lane.fetched.clear();
        lane.next = from;
        consumer().seek(new TopicPartition(topic, shard), from);
      }
      if (lane.fetched.isEmpty()) {
        fetch(shard);
      }
      return take(shard, lane);
    });
  }

  private Lane lane(int shard) {
    Lane lane = lanes.get(shard);
    long now = nanoTime.getAsLong();
    if (lane == null) {
      lanes.values().removeIf(other -> now - other.readAt > FORGOTTEN.toNanos());
      lane = new Lane();
      lanes.put(shard, lane);
      consumer().assign(lanes.keySet().stream().map(s -> new TopicPartition(topic, s)).toList());
    }
    lane.readAt = now;
    return lane;
  }

  /** Waits only where something is known to lie there, or nothing is known yet. */
  private void fetch(int shard) {
    OptionalLong lag = consumer().currentLag(new TopicPartition(topic, shard));
    long now = nanoTime.getAsLong();
    Duration wait = wait(lag);
    if (wait.isZero() && now - polledAt < IDLE.toNanos()) {
      return;
    }
    polledAt = now;
    for (ConsumerRecord<byte[], byte[]> record : consumer().poll(wait)) {
      Lane lane = lanes.get(record.partition());
      if (lane != null) {
        lane.fetched.add(record);
      }
    }
  }

  private static Duration wait(OptionalLong lag) {
    if (lag.isEmpty()) {
      return ASK;
    }
    return lag.getAsLong() > 0 ? FETCH : Duration.ZERO;
  }

  private Batch take(int shard, Lane lane) {
    List<Entry> entries = new ArrayList<>();
    while (entries.size() < MOST && !lane.fetched.isEmpty()) {
      ConsumerRecord<byte[], byte[]> record = lane.fetched.remove();
      EventMessage message = Records.fromKafka(record);
      entries.add(new Entry(record.offset(), decode(record, message), trace(message)));
      lane.next = record.offset() + 1;
    }
    if (lane.fetched.isEmpty()) { // past what compaction left out
      lane.next = consumer().position(new TopicPartition(topic, shard), limit);
    }
    return new Batch(entries, lane.next);
  }

  private Trace trace(EventMessage message) {
    return work -> tracing.resume(message.headers(), "process " + topic, SpanKind.CONSUMER, work);
  }

  private @Nullable Event decode(ConsumerRecord<byte[], byte[]> record, EventMessage message) {
    if (message.isTombstone()) {
      return null;
    }
    try {
      return codec.decode(message);
    } catch (UnreadableEventException e) {
      LOG.error(
          "{}-{} at offset {}: unreadable, passed over: {}",
          topic,
          record.partition(),
          record.offset(),
          e.getMessage());
      return null;
    }
  }

  private Consumer<byte[], byte[]> consumer() {
    Consumer<byte[], byte[]> open = consumer;
    if (open == null) {
      open = new KafkaConsumer<>(ClientProperties.reader(kafka, topic));
      consumer = open;
    }
    return open;
  }

  private interface Question<T> {
    T ask();
  }

  private <T> T asked(Question<T> question) {
    try {
      return question.ask();
    } catch (KafkaException e) {
      id = null;
      throw new UnavailableException(
          "Kafka at "
              + kafka.bootstrapServers()
              + " did not let us read "
              + topic
              + " ("
              + Failures.describe(e)
              + ")",
          e);
    }
  }

  @Override
  public void close() {
    Consumer<byte[], byte[]> open = consumer;
    if (open != null) {
      open.close();
    }
  }
}
