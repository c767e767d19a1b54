package dev.perennial.stream;

import dev.perennial.domain.refresh.Backoff;
import dev.perennial.stream.ClientProperties.Membership;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * Handles the records of a topic, those of one key one after the other, those of different keys at
 * the same time. Thread-safe.
 *
 * <p>Invariants, each kept in the class named:
 *
 * <ol>
 *   <li>One thread owns the consumer and never stops polling, but to let partitions go ({@code
 *       GroupMember}).
 *   <li>Never two records of a key at once, in order, at most {@code maxInFlight} together and
 *       {@code maxInFlightPerIntegration} of an integration ({@code KeyLanes}, {@code Workload}).
 *   <li>Only what is done is committed, and everything below it is done too ({@code OffsetLedger}).
 *   <li>A record ends as done, on the dead-letter topic, or uncommitted for the next owner ({@code
 *       Attempts}).
 *   <li>A partition taken away starts nothing any more, ends what runs, commits, and then goes
 *       ({@code WorkerDuties}).
 * </ol>
 *
 * <p>All of this holds within one process and its group. A process that is killed or paused leaves
 * records that are handled again, possibly while the first handler still runs.
 */
public final class KeyOrderedWorker implements AutoCloseable {
  private static final Duration IDLE = Duration.ofSeconds(5);

  private final WorkerSettings settings;
  private final Workload<ConsumerRecord<byte[], byte[]>> workload;
  private final Attempts attempts;
  private final WorkerDuties duties;
  private final Reachability reachability;
  private final GroupMember member;

  private KeyOrderedWorker(
      KafkaSettings kafka,
      WorkerSettings settings,
      RecordHandler handler,
      KafkaEventPublisher publisher,
      RandomGenerator random,
      LongSupplier nanoTime) {
    this.settings = settings;
    this.attempts =
        new Attempts(
            handler,
            new DeadLetters(publisher.producer(), settings.deadLetterTopic())::bury,
            random,
            nanoTime);
    this.workload = new Workload<>(permits(settings), virtualThreads(settings), attempts, nanoTime);
    this.duties = new WorkerDuties(settings, workload, nanoTime);
    Membership membership =
        new Membership(
            settings.group(), settings.topic(), settings.sessionTimeout(), settings.protocol());
    this.reachability = Reachability.of(kafka, membership, nanoTime);
    Map<String, Object> properties =
        ClientProperties.consumer(kafka, membership, settings.drain(), "earliest");
    this.member =
        new GroupMember(
            membership,
            () -> new KafkaConsumer<>(properties),
            duties,
            reachability,
            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), random),
            nanoTime);
  }

  private static KeyLanes.Permits permits(WorkerSettings settings) {
    return new KeyLanes.Permits(
        settings.maxInFlight(), settings.maxInFlightPerIntegration(), Records::integrationOf);
  }

  /**
   * Virtual threads that are used again while there is work: libraries keep for each thread what is
   * dear to make, a source of random numbers before all. They end when nothing came for a while.
   */
  private static Executor virtualThreads(WorkerSettings settings) {
    String name = settings.group() + "-" + settings.topic();
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE, // the workload lets no more than its permits run
        IDLE.toSeconds(),
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        Thread.ofVirtual().name(name).factory());
  }

  /**
   * Joins the group and begins. Kafka need not be there yet. A group without offsets begins at the
   * earliest record.
   *
   * @param publisher whose producer carries dead letters; to be closed after the worker
   * @param random for the length of pauses
   * @param nanoTime as {@link System#nanoTime}
   */
  public static KeyOrderedWorker start(
      KafkaSettings kafka,
      WorkerSettings settings,
      RecordHandler handler,
      KafkaEventPublisher publisher,
      RandomGenerator random,
      LongSupplier nanoTime) {
    KeyOrderedWorker worker =
        new KeyOrderedWorker(kafka, settings, handler, publisher, random, nanoTime);
    worker.member.start();
    return worker;
  }

  /** Whether Kafka was heard lately; false before the first contact. */
  public boolean healthy() {
    return reachability.reachable();
  }

  /**
   * From now on no handler starts while so many run; those that run are left alone.
   *
   * @param most 1 or more; above {@code maxInFlight} that counts
   */
  public void allow(int most) {
    workload.allow(most);
  }

  /** How many handlers may run now. */
  public int allowed() {
    return workload.allowed();
  }

  /** Handlers running now. */
  public int inFlight() {
    return workload.out();
  }

  /** Records handled since the start, dead letters not counted. */
  public long handled() {
    return attempts.handled();
  }

  /** Records sent to the dead-letter topic since the start. */
  public long deadLettered() {
    return attempts.buried();
  }

  /**
   * Records not done yet, for each partition that is ours and where it is known, as of the last
   * commit cadence.
   */
  public Map<Integer, Long> lag() {
    return duties.lag();
  }

  /** The partitions that are ours and not about to go. */
  public Set<Integer> partitions() {
    return duties.partitions();
  }

  /** {@link #close(Duration)} with the drain time of the settings. */
  @Override
  public void close() {
    close(settings.drain());
  }

  /**
   * Reads no more, waits for running handlers, commits and leaves the group. Records that have not
   * started are left to the next owner. Some seconds for the commit and the goodbye come on top.
   *
   * @param most how long running handlers are waited for; those still running afterwards go on
   *     unobserved
   */
  public void close(Duration most) {
    duties.drainWithin(most);
    member.close(most);
  }
}
