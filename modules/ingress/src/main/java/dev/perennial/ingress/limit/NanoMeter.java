package dev.perennial.ingress.limit;

import io.github.bucket4j.TimeMeter;
import java.util.function.LongSupplier;

/**
 * An injected clock for a bucket. As thread-safe as the clock.
 *
 * @param nanoTime as {@link System#nanoTime}
 */
public record NanoMeter(LongSupplier nanoTime) implements TimeMeter {
  @Override
  public long currentTimeNanos() {
    return nanoTime.getAsLong();
  }

  @Override
  public boolean isWallClockBased() {
    return false;
  }
}
