package dev.perennial.app.keys;

import dev.perennial.credentials.KeyHolder;
import dev.perennial.credentials.RedisKeyHolders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** Waits until every process that runs holds the keys that are wanted of it. Not thread-safe. */
final class Holders {
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration TELL = Duration.ofSeconds(2);

  private final RedisKeyHolders holders;
  private final Predicate<Duration> stopped;
  private final LongSupplier nanoTime;

  /**
   * @param stopped waits that long, and says whether to give up
   */
  Holders(RedisKeyHolders holders, Predicate<Duration> stopped, LongSupplier nanoTime) {
    this.holders = holders;
    this.stopped = stopped;
    this.nanoTime = nanoTime;
  }

  /** How a wait went. */
  sealed interface Waited {
    /** All of them do. */
    record Done(int processes) implements Waited {}

    /** Some did not in time. */
    record Missing(List<KeyHolder> missing) implements Waited {}

    /** It was asked to stop. */
    record Stopped() implements Waited {}
  }

  /** Who has been heard of lately. */
  List<KeyHolder> all() {
    return holders.known().holders();
  }

  /**
   * Waits.
   *
   * @param most at most so long; zero = look once
   * @param holds what is wanted of each process
   * @param tell every two seconds who is waited for
   */
  Waited until(Duration most, Predicate<KeyHolder> holds, Progress tell) {
    long begin = nanoTime.getAsLong();
    long told = begin - TELL.toNanos();
    while (true) {
      List<KeyHolder> known = all();
      List<KeyHolder> missing = known.stream().filter(holds.negate()).toList();
      if (missing.isEmpty()) {
        return new Waited.Done(known.size());
      }
      long now = nanoTime.getAsLong();
      if (now - begin >= most.toNanos()) {
        return new Waited.Missing(missing);
      }
      if (now - told >= TELL.toNanos()) {
        told = now;
        tell.waitingFor(missing, known.size());
      }
      if (stopped.test(LOOK)) {
        return new Waited.Stopped();
      }
    }
  }

  /** How long until the last of them has held just these keys for this long; zero: it has. */
  Duration quiet(Duration wanted) {
    RedisKeyHolders.Known known = holders.known();
    Instant last =
        known.holders().stream()
            .map(KeyHolder::since)
            .max(Instant::compareTo)
            .orElse(Instant.EPOCH);
    Duration left = Duration.between(known.now(), last.plus(wanted));
    return left.isNegative() ? Duration.ZERO : left;
  }
}
