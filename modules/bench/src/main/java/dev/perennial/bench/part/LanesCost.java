package dev.perennial.bench.part;

import dev.perennial.event.EventMessage;
import dev.perennial.event.Topics;
import dev.perennial.stream.KeyOrderedWorker;
import dev.perennial.stream.WorkerSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A record of {@code refresh-due} through the key-ordered worker to a handler that does nothing,
 * many connections. The worker comes with its consumer and is driven by its public port alone, so
 * reading is in it; {@link #poll} is the reading alone.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 15)
@Measurement(iterations = 5)
@Fork(2)
public class LanesCost {
  private static final Duration LOOK = Duration.ofNanos(20_000);
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** Little enough is read ahead of the start: at most so much of a partition, and one poll. */
  private static final int OPEN = 1_000;

  private static final int IN_FLIGHT = 256;

  /** A broker with records. */
  @State(Scope.Benchmark)
  @SuppressWarnings("NullAway.Init") // the harness calls the setup
  public static class Filled {
    private DueRecords due;

    @Setup(Level.Trial)
    public void fill() throws Exception {
      due = new DueRecords();
    }

    @TearDown(Level.Trial)
    public void stop() {
      due.close();
    }
  }

  /** A worker that has joined, and whose handlers wait for the start. */
  @State(Scope.Benchmark)
  @SuppressWarnings("NullAway.Init") // the harness calls the setup
  public static class Joined {
    private CountDownLatch start;
    private KeyOrderedWorker worker;

    @Setup(Level.Iteration)
    public void join(Filled filled) {
      CountDownLatch gate = new CountDownLatch(1);
      String group = "lanes-" + System.nanoTime(); // none has read for it
      start = gate;
      worker =
          KeyOrderedWorker.start(
              filled.due.settings(),
              WorkerSettings.of(group, DueRecords.topic(), Topics.DEFAULT.deadLetter())
                  .withLimits(IN_FLIGHT, OPEN),
              message -> handle(message, gate),
              filled.due.publisher(),
              new SplittableRandom(1),
              System::nanoTime);
      await(() -> worker.inFlight() == IN_FLIGHT);
    }

    private static void handle(EventMessage message, CountDownLatch gate) {
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(message.key(), e);
      }
    }

    @TearDown(Level.Iteration)
    public void leave() {
      worker.close();
    }
  }

  /** A plain consumer at the beginning of the topic. */
  @State(Scope.Benchmark)
  @SuppressWarnings("NullAway.Init") // the harness calls the setup
  public static class Plain {
    private KafkaConsumer<byte[], byte[]> consumer;
    private int read;

    @Setup(Level.Iteration)
    public void begin(Filled filled) {
      consumer =
          new KafkaConsumer<>(
              Map.of("bootstrap.servers", filled.due.settings().bootstrapServers()),
              new ByteArrayDeserializer(),
              new ByteArrayDeserializer());
      List<TopicPartition> all =
          IntStream.range(0, DueRecords.partitions())
              .mapToObj(number -> new TopicPartition(DueRecords.topic(), number))
              .toList();
      consumer.assign(all);
      consumer.seekToBeginning(all);
      read = 0;
      await(() -> poll() > 0);
    }

    int poll() {
      read += consumer.poll(Duration.ofSeconds(1)).count();
      return read;
    }

    @TearDown(Level.Iteration)
    public void stop() {
      consumer.close();
    }
  }

  @Benchmark
  @OperationsPerInvocation(DueRecords.COUNT)
  public void lanes(Joined joined) {
    joined.start.countDown();
    await(() -> joined.worker.handled() == DueRecords.COUNT);
  }

  @Benchmark
  @OperationsPerInvocation(DueRecords.COUNT)
  public void poll(Plain plain) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (plain.poll() < DueRecords.COUNT) {
      if (System.nanoTime() - end > 0) {
        throw late();
      }
    }
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw late();
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  private static IllegalStateException late() {
    return new IllegalStateException("not within " + PATIENCE.toSeconds() + " s");
  }
}
