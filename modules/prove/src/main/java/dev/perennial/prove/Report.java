package dev.perennial.prove;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Lines with the time since the begin. Thread-safe. */
final class Report {
  private final PrintWriter out;
  private final long begin = System.nanoTime();

  Report(PrintWriter out) {
    this.out = out;
  }

  /** A line with the time before it. */
  synchronized void say(String words) {
    double seconds = Duration.ofNanos(System.nanoTime() - begin).toMillis() / 1000.0;
    out.println(String.format(Locale.ROOT, "%7.1f s  %s", seconds, words));
    out.flush();
  }

  /** A line as it is. */
  synchronized void line(String words) {
    out.println(words);
    out.flush();
  }
}
