package dev.perennial.app.console.session;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How often an address may show something that opens nothing. Keys cannot be guessed; this keeps
 * somebody who tries from costing us work and log lines. Thread-safe.
 */
public final class SignInLimit {
  /** Failures of one address in a minute, after which it waits. */
  public static final int MOST = 10;

  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int ADDRESSES = 1_000;

  private final LongSupplier nanoTime;
  private final Map<String, Deque<Long>> failures =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Deque<Long>> eldest) {
          return size() > ADDRESSES;
        }
      };

  /**
   * @param nanoTime as {@link System#nanoTime}
   */
  public SignInLimit(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** How long the address has to wait; zero where it may try. */
  public synchronized Duration wait(String address) {
    Deque<Long> own = recent(address);
    return own.size() < MOST
        ? Duration.ZERO
        : WINDOW.minusNanos(nanoTime.getAsLong() - own.getFirst());
  }

  public synchronized void failed(String address) {
    recent(address).addLast(nanoTime.getAsLong());
  }

  private Deque<Long> recent(String address) {
    Deque<Long> own = failures.computeIfAbsent(address, _ -> new ArrayDeque<>());
    long now = nanoTime.getAsLong();
    while (!own.isEmpty() && now - own.getFirst() >= WINDOW.toNanos()) {
      own.removeFirst();
    }
    return own;
  }
}
