package dev.perennial.app.console.session;

import dev.perennial.ingress.limit.NanoMeter;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How often an address may show something that opens nothing. Keys cannot be guessed; this keeps
 * somebody who tries from costing us work and log lines. Thread-safe.
 */
public final class SignInLimit {
  /** Failures of one address in a minute, after which it waits until the minute is over. */
  public static final int MOST = 10;

  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int ADDRESSES = 1_000;

  private final TimeMeter time;

  /** Of those that failed lately; of too many the one that was seen least lately is forgotten. */
  private final Map<String, Bucket> failures =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
          return size() > ADDRESSES;
        }
      };

  /**
   * @param nanoTime as {@link System#nanoTime}
   */
  public SignInLimit(LongSupplier nanoTime) {
    this.time = new NanoMeter(nanoTime);
  }

  /** How long the address has to wait; zero where it may try. */
  public synchronized Duration wait(String address) {
    Bucket own = failures.get(address);
    return own == null
        ? Duration.ZERO
        : Duration.ofNanos(own.estimateAbilityToConsume(1).getNanosToWaitForRefill());
  }

  public synchronized void failed(String address) {
    var _ = failures.computeIfAbsent(address, _ -> bucket()).tryConsume(1);
  }

  private Bucket bucket() {
    return Bucket.builder()
        .addLimit(Bandwidth.builder().capacity(MOST).refillIntervally(MOST, WINDOW).build())
        .withCustomTimePrecision(time)
        .build();
  }
}
