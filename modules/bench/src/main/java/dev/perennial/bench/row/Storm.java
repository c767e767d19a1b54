package dev.perennial.bench.row;

import dev.perennial.bench.bed.BedException;
import dev.perennial.bench.bed.Connections;
import dev.perennial.bench.bed.Publications;
import dev.perennial.bench.bed.TestBed;
import dev.perennial.bench.bed.Worker;
import dev.perennial.bench.figure.Figure;
import dev.perennial.bench.figure.Spread;
import dev.perennial.bench.figure.Target;
import dev.perennial.domain.credential.CredentialState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Many connections that are due at the same second, with a quarter of an hour left as tokens of one
 * hour have by default: how fast they are drained by one scheduler and one exchanger of production,
 * whether one of them expires, and whether a provider's limit is kept meanwhile.
 */
public final class Storm implements Measurement {
  private static final Duration LEFT = Duration.ofMinutes(15);
  private static final int FIRST = 100_000;
  private static final int FIRST_LIMITED = 600_000;
  private static final int PART = 10_000;

  @Override
  public List<String> rows() {
    return List.of("storm");
  }

  @Override
  public boolean quick() {
    return false;
  }

  @Override
  public List<Figure> measure(Run run) {
    int connections = run.pace().quick() ? 10_000 : 200_000;
    int limited = run.pace().quick() ? 1_000 : 10_000;
    double calm;
    try (RefreshLoad load = new RefreshLoad(run, 256)) {
      double rate = load.round(6_000).perSecond();
      calm = load.round(run.pace().window(), rate).perSecond();
    }
    run.say("storm: %.0f refreshes/s in calm; making %d".formatted(calm, connections));
    Instant due = InstantSource.system().instant();
    make(run, run.pool().connections(), FIRST, connections, due);
    try (Connections others = new Connections(run.bed(), TestBed.LIMITED)) {
      make(run, others, FIRST_LIMITED, limited, due);
      return drain(run, others, connections, limited, calm, due.plus(LEFT));
    }
  }

  private static void make(Run run, Connections connections, int first, int count, Instant due) {
    for (int from = 0; from < count; from += PART) {
      run.goOn();
      connections.make(first + from, first + Math.min(count, from + PART), due, LEFT);
    }
  }

  private static List<Figure> drain(
      Run run, Connections others, int connections, int limited, double calm, Instant end) {
    run.say("storm: all of them are due, starting a scheduler and an exchanger");
    try (Publications publications = new Publications(run.bed().config());
        Worker _ = run.bed().worker("exchanger", Map.of())) {
      Watch watch = new Watch(run, publications);
      long begin = System.nanoTime();
      try (Worker _ = run.bed().worker("scheduler", Map.of())) {
        watch.untilCount(connections + limited);
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      double rate = watch.rate(connections / 10, connections * 9L / 10);
      int late = late(run.pool().connections(), FIRST, connections, end);
      int lateLimited = late(others, FIRST_LIMITED, limited, end);
      int peak = run.bed().tokens().peak();
      return figures(calm, seconds, rate, late + lateLimited, peak);
    }
  }

  private static List<Figure> figures(
      double calm, double seconds, double rate, int late, int peak) {
    List<Figure> figures = new ArrayList<>();
    figures.add(
        Figure.comparable("storm.ratio", "", Spread.once(rate / calm), Target.atLeast(0.5, 0.9)));
    figures.add(Figure.beside("storm.rate", "1/s", Spread.once(rate)));
    figures.add(Figure.beside("storm.drained_s", "s", Spread.once(seconds)));
    figures.add(Figure.comparable("storm.expired", "", Spread.once(late), Target.atMost(0, 0)));
    figures.add(
        Figure.comparable(
            "storm.limit_peak",
            "",
            Spread.once((double) peak / TestBed.LIMIT),
            Target.atMost(1.0, 1.0)));
    return figures;
  }

  /** Those that were not refreshed before the end of the token that they came with. */
  private static int late(Connections connections, int first, int count, Instant end) {
    int late = 0;
    for (int from = 0; from < count; from += PART) {
      for (CredentialState state :
          connections.states(first + from, first + Math.min(count, from + PART))) {
        Instant issued = state.issuedAt();
        if (state.tokenGen() < 2 || issued == null || issued.isAfter(end)) {
          late++;
        }
      }
    }
    if (late == count) {
      throw new BedException("none was refreshed");
    }
    return late;
  }
}
