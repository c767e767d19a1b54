package dev.perennial.stream;

import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.refresh.Backoff;
import dev.perennial.event.EventMessage;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Takes one record to its end, as {@link RecordHandler} promises it: done, on the dead-letter
 * topic, or abandoned because the partition was let go. It never ends otherwise, so that no failure
 * is passed over and none stops a partition. Thread-safe.
 */
final class Attempts implements Workload.Runner<ConsumerRecord<byte[], byte[]>> {
  private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);
  private static final int RETRIES = 3;

  private sealed interface End {
    record Done() implements End {}

    record Poison(String reason) implements End {}

    record Unavailable(String message) implements End {}

    record Failed(String place) implements End {}

    record Abandoned() implements End {}
  }

  private static final End DONE = new End.Done();
  private static final End ABANDONED = new End.Abandoned();

  private final RecordHandler handler;
  private final BiConsumer<ConsumerRecord<byte[], byte[]>, String> deadLetters;
  private final Backoff whileUnavailable;
  private final Backoff afterFailure;
  private final WaitingRecords waiting;
  private final LongAdder handled = new LongAdder();
  private final LongAdder buried = new LongAdder();

  /**
   * @param deadLetters takes a record and the reason; throws {@link UnavailableException}
   */
  Attempts(
      RecordHandler handler,
      BiConsumer<ConsumerRecord<byte[], byte[]>, String> deadLetters,
      RandomGenerator random,
      LongSupplier nanoTime) {
    this.handler = handler;
    this.waiting = new WaitingRecords(nanoTime);
    this.deadLetters = deadLetters;
    this.whileUnavailable = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), random);
    this.afterFailure = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(1), random);
  }

  @Override
  public boolean run(ConsumerRecord<byte[], byte[]> message, OwnedPartition owner) {
    return switch (end(message, owner)) {
      case End.Done _ -> counted(handled);
      case End.Poison poison -> bury(message, poison.reason, owner);
      case End.Abandoned _, End.Unavailable _, End.Failed _ -> false;
    };
  }

  private End end(ConsumerRecord<byte[], byte[]> message, OwnedPartition owner) {
    if (message.key() == null) {
      return new End.Poison("no key");
    }
    if (message.value() == null) {
      return handler.wantsTombstones() ? tries(message, owner) : DONE;
    }
    return message.value().length > EventMessage.MAX_VALUE_BYTES
        ? new End.Poison(message.value().length + " bytes, at most " + EventMessage.MAX_VALUE_BYTES)
        : tries(message, owner);
  }

  private End tries(ConsumerRecord<byte[], byte[]> from, OwnedPartition owner) {
    EventMessage message = Records.fromKafka(from);
    for (int failures = 0; !owner.isLetGo(); failures++) {
      End end = unlessUnavailable(from, owner, () -> once(message));
      if (!(end instanceof End.Failed failed)) {
        return end;
      }
      if (failures == RETRIES) {
        return new End.Poison((RETRIES + 1) + " failures, the last " + failed.place);
      }
      owner.awaitLetGo(afterFailure.after(failures));
    }
    return ABANDONED;
  }

  /** Again and again until it ends otherwise than unavailable; abandoned with the partition. */
  private End unlessUnavailable(
      ConsumerRecord<byte[], byte[]> from, OwnedPartition owner, Supplier<End> attempt) {
    End end = attempt.get();
    if (!(end instanceof End.Unavailable unavailable)) {
      return end;
    }
    waiting.enter(where(from), unavailable.message);
    try {
      for (int waits = 0; end instanceof End.Unavailable; waits++) {
        if (owner.awaitLetGo(whileUnavailable.after(waits))) {
          return ABANDONED;
        }
        end = attempt.get();
      }
      return end;
    } finally {
      waiting.leave();
    }
  }

  /** Also errors are caught: whatever a record causes must not stop its lane. */
  private End once(EventMessage message) {
    try {
      handler.handle(message);
      return DONE;
    } catch (UnavailableException e) {
      return new End.Unavailable(String.valueOf(e.getMessage()));
    } catch (PoisonException e) {
      return new End.Poison(String.valueOf(e.getMessage()));
    } catch (Throwable e) {
      return new End.Failed(Failures.place(e));
    }
  }

  /** Until it is acknowledged or the partition goes: the record is never just passed over. */
  private boolean bury(ConsumerRecord<byte[], byte[]> dead, String reason, OwnedPartition owner) {
    if (unlessUnavailable(dead, owner, () -> buryOnce(dead, reason)) instanceof End.Abandoned) {
      return false;
    }
    tell(dead, reason);
    return counted(buried);
  }

  private static void tell(ConsumerRecord<byte[], byte[]> dead, String reason) {
    about(dead, LOG.atWarn()).log("{} to the dead-letter topic: {}", where(dead), reason);
  }

  private static LoggingEventBuilder about(
      ConsumerRecord<byte[], byte[]> record, LoggingEventBuilder line) {
    return Records.about(record)
        .map(key ->
            line.addKeyValue("integration", key.integration())
                .addKeyValue("connection", key.connection()))
        .orElse(line);
  }

  private End buryOnce(ConsumerRecord<byte[], byte[]> dead, String reason) {
    try {
      deadLetters.accept(dead, reason);
      return DONE;
    } catch (RuntimeException e) {
      return new End.Unavailable(String.valueOf(e.getMessage()));
    }
  }

  private static boolean counted(LongAdder counter) {
    counter.increment();
    return true;
  }

  private static String where(ConsumerRecord<byte[], byte[]> at) {
    return at.topic() + "-" + at.partition() + "@" + at.offset() + " (" + Records.laneOf(at) + ")";
  }

  /** Records that a handler has done. */
  long handled() {
    return handled.sum();
  }

  /** Records that went to the dead-letter topic. */
  long buried() {
    return buried.sum();
  }
}
