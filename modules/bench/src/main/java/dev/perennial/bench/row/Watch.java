package dev.perennial.bench.row;

import dev.perennial.bench.bed.BedException;
import dev.perennial.bench.bed.Publications;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Looks at what is published, fifty times a second, and remembers it. For one thread. */
final class Watch {
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final Duration STALLED = Duration.ofSeconds(60);

  private final Run run;
  private final Publications publications;
  private final long begin;
  private final List<Sample> samples = new ArrayList<>();

  /**
   * @param count since the watch began
   */
  record Sample(long nanos, long count) {}

  Watch(Run run, Publications publications) {
    this.run = run;
    this.publications = publications;
    this.begin = publications.count();
  }

  /**
   * Looks until it is so.
   *
   * @throws BedException where nothing comes any more
   */
  void until(BooleanSupplier end) {
    long moved = System.nanoTime();
    while (!end.getAsBoolean()) {
      run.pause(LOOK);
      long before = count();
      samples.add(new Sample(System.nanoTime(), publications.count() - begin));
      if (count() > before) {
        moved = System.nanoTime();
      } else if (System.nanoTime() - moved > STALLED.toNanos()) {
        throw new BedException("nothing was published for " + STALLED.toSeconds() + " s");
      }
    }
  }

  /** Looks until so many have been published. */
  void untilCount(long wanted) {
    until(() -> count() >= wanted);
  }

  /** Looks for so long. */
  void during(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    until(() -> System.nanoTime() >= end);
  }

  long count() {
    return samples.isEmpty() ? 0 : samples.getLast().count();
  }

  /** Publications a second while their number rose from one to another. */
  double rate(long from, long to) {
    Sample first = first(from);
    Sample last = first(to);
    if (last.nanos() <= first.nanos()) {
      throw new BedException("it was over before it could be measured");
    }
    return (last.count() - first.count()) * 1e9 / (last.nanos() - first.nanos());
  }

  private Sample first(long count) {
    return samples.stream()
        .filter(sample -> sample.count() >= count)
        .findFirst()
        .orElseThrow(() -> new BedException("only " + count() + " were published"));
  }

  /** The longest time without a publication since a moment. */
  Duration longestPause(long sinceNanos) {
    long longest = 0;
    long last = sinceNanos;
    long count = -1;
    for (Sample sample : samples) {
      if (sample.nanos() >= sinceNanos && sample.count() != count) {
        longest = count < 0 ? longest : Math.max(longest, sample.nanos() - last);
        last = sample.nanos();
        count = sample.count();
      }
    }
    return Duration.ofNanos(longest);
  }
}
