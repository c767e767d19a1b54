package dev.perennial.bench.row;

import dev.perennial.bench.bed.Publications;
import dev.perennial.bench.bed.TestBed;
import dev.perennial.bench.bed.Worker;
import dev.perennial.bench.figure.Figure;
import dev.perennial.bench.figure.Spread;
import dev.perennial.bench.figure.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One, two and four exchangers before a provider that takes 200 ms, each with the same cap of calls
 * in flight, low enough that the machine is not what limits them: what each adds, and for how long
 * nothing is published while one joins and while one leaves.
 */
public final class ScaleOut implements Measurement {
  private static final int IN_FLIGHT = 40;
  private static final Duration DELAY = Duration.ofMillis(200);
  private static final double EACH = IN_FLIGHT * 1e3 / DELAY.toMillis();
  private static final Duration SETTLING = Duration.ofSeconds(15);
  private static final Target EFFICIENCY = Target.atLeast(0.8, 0.95);
  private static final Target PAUSE = Target.atMost(5_000, 1_000);

  @Override
  public List<String> rows() {
    return List.of("scaleout");
  }

  @Override
  public boolean quick() {
    return false;
  }

  @Override
  public List<Figure> measure(Run run) {
    TestBed bed = run.bed();
    bed.tokens().delay(DELAY);
    List<Worker> workers = new ArrayList<>();
    try (Publications publications = new Publications(bed.config())) {
      return measure(run, workers, publications);
    } finally {
      workers.forEach(Worker::close);
      bed.tokens().delay(Duration.ZERO);
    }
  }

  private static Worker join(Run run) {
    String most = Integer.toString(IN_FLIGHT);
    return run.bed()
        .worker(
            "exchanger",
            Map.of("exchanger.max-in-flight", most, "exchanger.per-integration", most));
  }

  private static List<Figure> measure(Run run, List<Worker> workers, Publications publications) {
    Map<Integer, Double> rates = new LinkedHashMap<>();
    Duration join = Duration.ZERO;
    for (int wanted : List.of(1, 2, 4)) {
      while (workers.size() < wanted) {
        if (workers.isEmpty()) {
          workers.add(join(run));
        } else {
          Duration pause = underLoad(run, publications, workers, () -> workers.add(join(run)));
          join = pause.compareTo(join) > 0 ? pause : join;
        }
      }
      rates.put(wanted, rate(run, publications, wanted));
      run.say("scaleout: %d exchangers, %.0f refreshes/s".formatted(wanted, rates.get(wanted)));
    }
    Duration leave = underLoad(run, publications, workers, () -> workers.removeLast().close());
    return figures(rates, join, leave);
  }

  private static double rate(Run run, Publications publications, int workers) {
    int count = (int) (EACH * workers * (run.pace().window().toSeconds() + 2));
    run.pool().grow(count);
    Watch watch = new Watch(run, publications);
    run.pool().connections().sayDue(run.pool().turn(count));
    watch.untilCount(count);
    return watch.rate(count / 4, count * 3L / 4);
  }

  /** The longest time without a publication, while something happens to those that work. */
  private static Duration underLoad(
      Run run, Publications publications, List<Worker> workers, Runnable what) {
    int count = (int) (EACH * (workers.size() + 1) * (SETTLING.toSeconds() + 5));
    run.pool().grow(count);
    Watch watch = new Watch(run, publications);
    run.pool().connections().sayDue(run.pool().turn(count));
    watch.untilCount(IN_FLIGHT * 4);
    long begin = System.nanoTime();
    Thread doing = Thread.ofVirtual().start(what);
    watch.until(() -> !doing.isAlive() || watch.count() >= count);
    long left = count - watch.count();
    watch.untilCount(watch.count() + Math.min(left, (long) (EACH * SETTLING.toSeconds() / 3)));
    Duration pause = watch.longestPause(begin);
    watch.untilCount(count);
    joined(doing);
    return pause;
  }

  private static void joined(Thread doing) {
    try {
      doing.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<Figure> figures(Map<Integer, Double> rates, Duration join, Duration leave) {
    List<Figure> figures = new ArrayList<>();
    double one = rates.getOrDefault(1, Double.NaN);
    rates.forEach((workers, rate) -> {
      figures.add(Figure.beside("scaleout.rate." + workers, "1/s", Spread.once(rate)));
      if (workers > 1) {
        figures.add(
            Figure.comparable(
                "scaleout.efficiency." + workers,
                "",
                Spread.once(rate / workers / one),
                EFFICIENCY));
      }
    });
    figures.add(pause("scaleout.join_ms", join));
    figures.add(pause("scaleout.leave_ms", leave));
    return figures;
  }

  private static Figure pause(String name, Duration pause) {
    return Figure.local(name, "ms", Spread.once(pause.toNanos() / 1e6), PAUSE);
  }
}
