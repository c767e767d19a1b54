package dev.perennial.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Shards;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.RefreshDue;
import dev.perennial.domain.event.ShardLog.Batch;
import dev.perennial.domain.event.ShardLog.Entry;
import dev.perennial.event.EventCodec;
import dev.perennial.event.TopicSpec;
import dev.perennial.event.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@ExtendWith(SharedKafka.class)
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class KafkaShardLogTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int PARTITIONS = 4;
  private static final Shards SHARDS = new Shards(PARTITIONS);

  private final AtomicLong later = new AtomicLong();
  private final Topics topics;
  private final EventCodec codec;
  private final KafkaEventPublisher publisher;
  private final KafkaShardLog log;

  KafkaShardLogTest(TestInfo test) {
    topics = new Topics("log-" + test.getTestMethod().orElseThrow().getName());
    codec = new EventCodec(topics, "/test");
    SharedKafka.admin()
        .create(List.of(new TopicSpec(topics.refreshDue(), PARTITIONS, Map.of())), (short) 1);
    publisher = new KafkaEventPublisher(SharedKafka.settings(), codec, Duration.ofSeconds(20));
    log =
        KafkaShardLog.of(SharedKafka.settings(), topics.refreshDue(), codec, LIMIT, this::nanoTime);
  }

  @AfterEach
  void close() {
    log.close();
    publisher.close();
  }

  @Test
  void anEmptyShardIsReadToItsEndAtOnce() {
    assertThat(log.end(0)).isZero();
    assertThat(log.read(0, 0)).isEqualTo(new Batch(List.of(), 0));
  }

  @Test
  void aShardIsReadFromAnyOffsetForwardsAndBack() {
    say(0, 5);
    assertThat(log.end(0)).isEqualTo(5);
    assertThat(versions(read(0, 0, 5))).containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(versions(read(0, 3, 5))).containsExactly(3L, 4L);
    assertThat(versions(read(0, 1, 5))).containsExactly(1L, 2L, 3L, 4L);
    say(0, 6);
    assertThat(versions(read(0, 5, 11))).hasSize(6);
  }

  @Test
  void moreThanABatchIsReadInOrderWithoutAGap() {
    say(2, 1800);
    List<Entry> entries = read(2, 0, 1800);
    assertThat(entries).extracting(Entry::offset).containsExactlyElementsOf(range(1800));
    assertThat(versions(entries)).containsExactlyElementsOf(range(1800));
  }

  @Test
  void shardsThatTakeTurnsAreEachReadWholeAndInOrder() {
    for (int shard = 0; shard < PARTITIONS; shard++) {
      say(shard, 700);
    }
    List<List<Entry>> read = new ArrayList<>();
    long[] next = new long[PARTITIONS];
    for (int shard = 0; shard < PARTITIONS; shard++) {
      read.add(new ArrayList<>());
    }
    SharedKafka.eventually(() -> {
      for (int shard = 0; shard < PARTITIONS; shard++) {
        Batch batch = log.read(shard, next[shard]);
        read.get(shard).addAll(batch.entries());
        next[shard] = batch.next();
      }
      return read.stream().allMatch(entries -> entries.size() == 700);
    });
    assertThat(read)
        .allSatisfy(entries -> assertThat(versions(entries)).containsExactlyElementsOf(range(700)));
  }

  @Test
  void aMarkProvesTheEndAndSaysNothing() {
    try (KafkaShardLog marked =
        KafkaShardLog.marked(
            SharedKafka.settings(), topics.refreshDue(), codec, LIMIT, this::nanoTime, publisher)) {
      say(1, 2);
      assertThat(marked.end(1)).isEqualTo(3);
      assertThat(marked.end(1)).isEqualTo(4);
    }
    List<Entry> entries = read(1, 0, 4);
    assertThat(entries).extracting(Entry::offset).containsExactly(0L, 1L, 2L, 3L);
    assertThat(entries.get(2).event()).isNull();
    assertThat(entries.get(3).event()).isNull();
  }

  @Test
  void whatCannotBeReadAndWhatWasErasedIsPassedOver() {
    byte[] key = Records.bytes("google/acme");
    publisher
        .producer()
        .send(new ProducerRecord<>(topics.refreshDue(), 3, key, Records.bytes("not one of ours")))
        .join();
    publisher.producer().send(new ProducerRecord<>(topics.refreshDue(), 3, key, null)).join();
    say(3, 1);
    List<Entry> entries = read(3, 0, 3);
    assertThat(entries.get(0).event()).isNull();
    assertThat(entries.get(1).event()).isNull();
    assertThat(entries.get(2).event()).isInstanceOf(RefreshDue.class);
  }

  @Test
  void readingGoesOnBehindWhatRetentionHasTaken() throws Exception {
    say(0, 10);
    TopicPartition partition = new TopicPartition(topics.refreshDue(), 0);
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", SharedKafka.settings().bootstrapServers()))) {
      admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(7))).all().get();
      assertThat(read(0, 0, 10)).extracting(Entry::offset).containsExactly(7L, 8L, 9L);
      admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(10))).all().get();
    }
    assertThat(read(0, 2, 10)).isEmpty();
    assertThat(log.end(0)).isEqualTo(10);
  }

  @Test
  void aShardThatNobodyReadIsForgottenAndCanBeReadAgain() {
    say(0, 3);
    say(1, 3);
    read(0, 0, 3);
    later.addAndGet(Duration.ofSeconds(31).toNanos());
    read(1, 0, 3);
    say(0, 2);
    assertThat(versions(read(0, 3, 5))).containsExactly(0L, 1L);
    assertThat(versions(read(1, 1, 3))).containsExactly(1L, 2L);
  }

  @Test
  void aTopicKeepsItsIdAndAnotherHasAnother() {
    String other = SharedKafka.topic(1);
    try (KafkaShardLog another =
        KafkaShardLog.of(SharedKafka.settings(), other, codec, LIMIT, this::nanoTime)) {
      assertThat(log.id()).isNotBlank().isEqualTo(log.id()).isNotEqualTo(another.id());
    }
  }

  @Test
  void kafkaThatIsAwayHasNoEndAndNothingToRead() {
    try (KafkaShardLog nowhere =
        KafkaShardLog.of(
            KafkaSettings.of("127.0.0.1:9", "test"),
            topics.refreshDue(),
            codec,
            Duration.ofMillis(300),
            this::nanoTime)) {
      assertThatThrownBy(() -> nowhere.end(0))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("127.0.0.1:9");
      assertThat(nowhere.read(0, 0)).isEqualTo(new Batch(List.of(), 0));
      assertThatThrownBy(nowhere::id).isInstanceOf(UnavailableException.class);
    }
  }

  private long nanoTime() {
    return System.nanoTime() + later.get();
  }

  /** Events of versions 0 to count - 1, all of one connection of the shard. */
  private void say(int shard, int count) {
    ConnectionKey key = key(shard);
    List<RefreshDue> events =
        LongStream.range(0, count)
            .mapToObj(i -> new RefreshDue(key, i, RefreshDue.Cause.SCHEDULED, Instant.EPOCH))
            .toList();
    publisher.publishAll(events);
  }

  private static ConnectionKey key(int shard) {
    for (int i = 0; ; i++) {
      ConnectionKey key = new ConnectionKey("google", "c" + i);
      if (SHARDS.of(key) == shard) {
        return key;
      }
    }
  }

  private List<Entry> read(int shard, long from, long to) {
    List<Entry> entries = new ArrayList<>();
    AtomicLong next = new AtomicLong(from);
    SharedKafka.eventually(() -> {
      Batch batch = log.read(shard, next.get());
      entries.addAll(batch.entries());
      next.set(batch.next());
      return batch.next() >= to;
    });
    assertThat(next).hasValue(to);
    return entries;
  }

  private static List<Long> versions(List<Entry> entries) {
    return entries.stream().map(entry -> version(entry.event())).toList();
  }

  private static long version(@Nullable Event event) {
    return event instanceof RefreshDue due ? due.version() : -1;
  }

  private static List<Long> range(long count) {
    return LongStream.range(0, count).boxed().toList();
  }
}
