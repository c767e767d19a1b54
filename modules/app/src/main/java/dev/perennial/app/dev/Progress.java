package dev.perennial.app.dev;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Says what takes a moment, and how long it took. */
final class Progress {
  private final PrintWriter out;
  private final LongSupplier nanoTime;

  Progress(PrintWriter out, LongSupplier nanoTime) {
    this.out = out;
    this.nanoTime = nanoTime;
  }

  <T> T step(String what, Supplier<T> work) {
    out.print("  " + what + " … ");
    out.flush();
    long begin = nanoTime.getAsLong();
    T result = work.get();
    out.println(seconds(Duration.ofNanos(nanoTime.getAsLong() - begin)));
    out.flush();
    return result;
  }

  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }
}
