package dev.perennial.app.audit;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Bounds how many denied requests are told: 100 at once and 10 a second, each of strangers and of
 * callers that are known, so that noise of the ones hides nothing of the others. Thread-safe.
 */
final class Denials {
  private static final long AT_ONCE = 100;
  private static final long PER_SECOND = 10;

  private final Bucket bucket;
  private final AtomicLong omitted = new AtomicLong();

  Denials(LongSupplier nanoTime) {
    this.bucket =
        Bucket.builder()
            .addLimit(
                Bandwidth.builder()
                    .capacity(AT_ONCE)
                    .refillGreedy(PER_SECOND, Duration.ofSeconds(1))
                    .build())
            .withCustomTimePrecision(new Meter(nanoTime))
            .build();
  }

  /** Whether to tell the next one. */
  boolean mayTell() {
    boolean may = bucket.tryConsume(1);
    if (!may) {
      omitted.incrementAndGet();
    }
    return may;
  }

  /** How many were left out since this was asked last. */
  long omitted() {
    return omitted.getAndSet(0);
  }

  private record Meter(LongSupplier nanoTime) implements TimeMeter {
    @Override
    public long currentTimeNanos() {
      return nanoTime.getAsLong();
    }

    @Override
    public boolean isWallClockBased() {
      return false;
    }
  }
}
