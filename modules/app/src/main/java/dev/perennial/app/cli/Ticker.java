package dev.perennial.app.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Says every two seconds how far something has come that takes longer. Not thread-safe. */
final class Ticker {
  private static final long EVERY = Duration.ofSeconds(2).toNanos();

  private final PrintWriter err;
  private final String what;
  private final LongSupplier nanoTime;
  private long last;
  private long count;

  /**
   * @param what is counted, e.g. {@code connections}
   */
  Ticker(PrintWriter err, String what, LongSupplier nanoTime) {
    this.err = err;
    this.what = what;
    this.nanoTime = nanoTime;
    this.last = nanoTime.getAsLong();
  }

  void one() {
    at(count + 1);
  }

  /** So many there are by now. */
  void at(long now) {
    count = now;
    tell();
  }

  private void tell() {
    long at = nanoTime.getAsLong();
    if (at - last >= EVERY) {
      last = at;
      err.println(count + " " + what + " …");
      err.flush();
    }
  }

  long count() {
    return count;
  }
}
