package dev.perennial.app.keys;

import dev.perennial.credentials.KeyHolder;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** What a command about the key ring says while it works. Not thread-safe. */
public final class Progress {
  private static final int NAMED = 5;

  private final PrintWriter out;
  private final LongSupplier nanoTime;
  private final long begin;

  public Progress(PrintWriter out, LongSupplier nanoTime) {
    this.out = out;
    this.nanoTime = nanoTime;
    this.begin = nanoTime.getAsLong();
  }

  /** A line with the time since the command began. */
  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more library
  public void say(String format, Object... values) {
    out.printf(
        Locale.ROOT, "  %6.1f s  %s%n", seconds(), String.format(Locale.ROOT, format, values));
    out.flush();
  }

  /** A line of its own, e.g. the last one. */
  @SuppressWarnings("AnnotateFormatMethod")
  public void line(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
    out.flush();
  }

  double seconds() {
    return Duration.ofNanos(nanoTime.getAsLong() - begin).toMillis() / 1000.0;
  }

  void waitingFor(List<KeyHolder> missing, int of) {
    say("waiting for %d of %d processes: %s", missing.size(), of, names(missing));
  }

  /** E.g. {@code host-1-ab (exchanger; from the environment: needs a restart)}. */
  static String names(List<KeyHolder> holders) {
    String names =
        holders.stream().limit(NAMED).map(Progress::name).collect(Collectors.joining(", "));
    int more = holders.size() - NAMED;
    return more > 0 ? names + " and " + more + " more" : names;
  }

  private static String name(KeyHolder holder) {
    return holder.process()
        + " ("
        + holder.roles()
        + (holder.live() ? "" : "; its ring is not in a file: restart it with the new one")
        + ")";
  }
}
