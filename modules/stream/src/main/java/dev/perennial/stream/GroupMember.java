package dev.perennial.stream;

import dev.perennial.domain.refresh.Backoff;
import dev.perennial.stream.ClientProperties.Membership;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of a consumer group on one topic, with the thread that polls for it.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>Only the poll thread touches the consumer, and only it calls the {@link Duties}.
 *   <li>It polls at least every {@link #TURN}, except while a duty holds it.
 *   <li>A consumer that fails is left and replaced after a pause, until the member is closed.
 *   <li>{@link Duties#leaving} comes before every end of a consumer, so nothing is let go unseen.
 * </ol>
 */
final class GroupMember {
  private static final Logger LOG = LoggerFactory.getLogger(GroupMember.class);
  private static final Duration TURN = Duration.ofMillis(100);
  private static final Duration GOODBYE = Duration.ofSeconds(3);
  private static final Duration STEADY = Duration.ofMinutes(1);

  /** What the member does with its partitions; all on the poll thread. */
  interface Duties {
    void assigned(Set<Integer> partitions, Consumer<byte[], byte[]> consumer);

    /** Still ours until this returns. */
    void revoked(Set<Integer> partitions, Consumer<byte[], byte[]> consumer);

    /** Not ours any more, and perhaps already somebody else's. */
    void lost(Set<Integer> partitions);

    /** After every poll, also where it brought nothing. */
    void turn(ConsumerRecords<byte[], byte[]> records, Consumer<byte[], byte[]> consumer);

    /** The consumer is about to leave with all that is still owned. */
    void leaving(Consumer<byte[], byte[]> consumer);
  }

  private final Membership membership;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final Duties duties;
  private final Reachability reachability;
  private final Backoff pauses;
  private final LongSupplier nanoTime;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  GroupMember(
      Membership membership,
      Supplier<Consumer<byte[], byte[]>> consumers,
      Duties duties,
      Reachability reachability,
      Backoff pauses,
      LongSupplier nanoTime) {
    this.membership = membership;
    this.consumers = consumers;
    this.duties = duties;
    this.reachability = reachability;
    this.pauses = pauses;
    this.nanoTime = nanoTime;
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("poll-" + membership.group() + "-" + membership.topic())
            .unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /**
   * Leaves the group; returns when the poll thread has ended, or after the bound.
   *
   * @return whether it has ended
   */
  boolean close(Duration most) {
    closing.countDown();
    try {
      return thread.join(most.plus(GOODBYE.multipliedBy(2)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean open() {
    return closing.getCount() > 0;
  }

  private void run() {
    int failures = 0;
    while (open()) {
      long since = nanoTime.getAsLong();
      try {
        serve();
      } catch (RuntimeException e) {
        failures = nanoTime.getAsLong() - since > STEADY.toNanos() ? 0 : failures + 1;
        pause(e, pauses.after(failures));
      }
    }
  }

  private void pause(RuntimeException failure, Duration pause) {
    LOG.error(
        "group {} on {}: the consumer failed and is replaced in {} ms: {}",
        membership.group(),
        membership.topic(),
        pause.toMillis(),
        Failures.describe(failure));
    reachability.note(0);
    try {
      closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      closing.countDown();
    }
  }

  private void serve() {
    Consumer<byte[], byte[]> consumer = consumers.get();
    try {
      consumer.subscribe(List.of(membership.topic()), new Listener(consumer));
      Metric incoming = incomingBytes(consumer);
      while (open()) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(TURN);
        reachability.note(((Number) incoming.metricValue()).doubleValue());
        duties.turn(records, consumer);
      }
    } finally {
      leave(consumer);
    }
  }

  private void leave(Consumer<byte[], byte[]> consumer) {
    try {
      duties.leaving(consumer);
    } finally {
      consumer.close(CloseOptions.timeout(GOODBYE));
    }
  }

  private static Metric incomingBytes(Consumer<byte[], byte[]> consumer) {
    return consumer.metrics().entrySet().stream()
        .filter(entry -> entry.getKey().name().equals("incoming-byte-total"))
        .filter(entry -> entry.getKey().group().equals("consumer-metrics"))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("kafka-clients has no incoming-byte-total"))
        .getValue();
  }

  private final class Listener implements ConsumerRebalanceListener {
    private final Consumer<byte[], byte[]> consumer;

    Listener(Consumer<byte[], byte[]> consumer) {
      this.consumer = consumer;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      duties.assigned(numbers(partitions), consumer);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      duties.revoked(numbers(partitions), consumer);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      duties.lost(numbers(partitions));
    }

    private static Set<Integer> numbers(Collection<TopicPartition> partitions) {
      return partitions.stream()
          .map(TopicPartition::partition)
          .collect(Collectors.toUnmodifiableSet());
    }
  }
}
