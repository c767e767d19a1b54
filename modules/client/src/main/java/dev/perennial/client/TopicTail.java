package dev.perennial.client;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads some topics from their beginning and then on, all partitions, without a group, on a daemon
 * thread of its own that alone touches the consumer. While Kafka is away it keeps trying, and says
 * so once.
 */
final class TopicTail implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TopicTail.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration CLOSE = Duration.ofSeconds(5);

  /**
   * How often the ends are asked for, how long that may hold the reading up, and the rest after it
   * did.
   */
  private static final Duration QUESTION = Duration.ofSeconds(1);

  private static final Duration QUESTION_LIMIT = Duration.ofSeconds(1);
  private static final Duration QUESTION_REST = Duration.ofSeconds(5);
  static final long UNKNOWN_LAG = -1;

  private final List<String> topics;
  private final Consumer<ConsumerRecord<byte[], byte[]>> handler;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Time time;
  private final CompletableFuture<@Nullable Void> caughtUp = new CompletableFuture<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "perennial-events");

  /** The thread's: whether the last contact failed. */
  private boolean troubled;

  /** The thread's: the ends that were last asked for, and when. */
  private Map<TopicPartition, Long> ends = Map.of();

  private long endsAskedAt;
  private long nextQuestionAt;
  private volatile long completeAsOf;
  private volatile long lag = UNKNOWN_LAG;

  /**
   * @param kafka the client's properties; what following rests on is set over them
   * @param handler must not throw
   * @throws KafkaException where the properties are wrong or no server's name can be resolved
   */
  TopicTail(
      Map<String, Object> kafka,
      List<String> topics,
      Consumer<ConsumerRecord<byte[], byte[]>> handler,
      Time time) {
    this.topics = topics;
    this.handler = handler;
    this.time = time;
    this.completeAsOf = time.nanos();
    this.nextQuestionAt = completeAsOf;
    this.consumer = new KafkaConsumer<>(properties(kafka));
    thread.setDaemon(true);
  }

  private static Map<String, Object> properties(Map<String, Object> kafka) {
    Map<String, Object> all = new HashMap<>(kafka);
    all.remove(ConsumerConfig.GROUP_ID_CONFIG);
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    all.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    all.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    return all;
  }

  void start() {
    thread.start();
  }

  /** Done once everything was handled that stood on the topics when following began. */
  CompletableFuture<@Nullable Void> caughtUp() {
    return caughtUp.copy();
  }

  /** The time since the last moment as of which all is known to be handled; or since the start. */
  Duration staleness() {
    return time.since(completeAsOf);
  }

  /** Records before the ends that were last asked for and not handled; -1 = no end is known yet. */
  long lag() {
    return lag;
  }

  private void run() {
    try (consumer) {
      follow();
    } catch (WakeupException | InterruptException e) {
      log.debug("no longer following {}", topics);
    } catch (RuntimeException e) {
      log.error("following {} ended by a fault; later changes will not be seen", topics, e);
      caughtUp.completeExceptionally(e);
    } finally {
      caughtUp.completeExceptionally(new CancellationException("closed before it had caught up"));
    }
  }

  private void follow() {
    List<TopicPartition> partitions = insist(this::partitions);
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    while (isOpen()) {
      if (mayAsk()) {
        askForEnds(partitions);
      }
      hand(insist(() -> consumer.poll(POLL)));
      if (!ends.isEmpty()) {
        measure();
      }
    }
  }

  /** One question at a time: the moment of the last one counts once its ends are reached. */
  private boolean mayAsk() {
    return lag <= 0 && time.nanos() - nextQuestionAt >= 0;
  }

  private void askForEnds(List<TopicPartition> partitions) {
    long now = time.nanos();
    try {
      ends = consumer.endOffsets(partitions, QUESTION_LIMIT);
      endsAskedAt = now;
      nextQuestionAt = now + QUESTION.toNanos();
    } catch (WakeupException | InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      log.debug("the ends of {} are not known", topics, e);
      nextQuestionAt = time.nanos() + (caughtUp.isDone() ? QUESTION_REST : QUESTION).toNanos();
    }
  }

  private void measure() {
    long unread = unread();
    lag = unread; // first: whoever hears that all is read may ask
    if (unread == 0) {
      completeAsOf = endsAskedAt;
      caughtUp.complete(null);
    }
  }

  private void hand(Iterable<ConsumerRecord<byte[], byte[]>> records) {
    for (ConsumerRecord<byte[], byte[]> next : records) {
      if (!isOpen()) {
        throw new WakeupException();
      }
      handler.accept(next);
    }
  }

  private boolean isOpen() {
    return closed.getCount() > 0;
  }

  private List<TopicPartition> partitions() {
    return topics.stream()
        .flatMap(topic -> partitions(topic).stream())
        .map(found -> new TopicPartition(found.topic(), found.partition()))
        .toList();
  }

  private List<PartitionInfo> partitions(String topic) {
    List<PartitionInfo> found = consumer.partitionsFor(topic);
    if (found == null || found.isEmpty()) {
      throw new UnknownTopicOrPartitionException("there is no topic " + topic);
    }
    return found;
  }

  /** Positions are asked, not counted: what compaction took away brings no record. */
  private long unread() {
    try {
      long unread = 0;
      for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
        long position = consumer.position(end.getKey(), Duration.ZERO);
        unread += Math.max(0, end.getValue() - position);
      }
      return unread;
    } catch (TimeoutException e) {
      return Math.max(1, lag); // a position is not known yet; the next poll finds it
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
      log.warn("cannot follow {}, and keep trying: {}", topics, failure.toString());
    }
    troubled = true;
  }

  private void recovered() {
    if (troubled) {
      log.info("following {} again", topics);
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

  /** Returns once the thread is gone, within 5 s; at once where that thread itself calls. */
  @Override
  public void close() {
    closed.countDown();
    consumer.wakeup();
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      thread.join(CLOSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
