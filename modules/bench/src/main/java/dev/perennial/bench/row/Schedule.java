package dev.perennial.bench.row;

import dev.perennial.bench.bed.BedException;
import dev.perennial.bench.bed.DueConnections;
import dev.perennial.bench.bed.RedisMemory;
import dev.perennial.bench.bed.TestBed;
import dev.perennial.bench.figure.Figure;
import dev.perennial.bench.figure.Spread;
import dev.perennial.bench.figure.Target;
import dev.perennial.domain.refresh.DueIndex;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The due index with more and more connections in it, due over an hour: bytes in Redis for each,
 * claims a second by one caller, and how much more a claim costs where there are many.
 */
public final class Schedule implements Measurement {
  private static final Duration SPAN = Duration.ofHours(1);
  private static final Duration REEMIT = Duration.ofSeconds(150);
  private static final int BATCH = 200;
  private static final int PARTS = 8;
  private static final Target BYTES = Target.atMost(60, 40);
  private static final Target GROWTH = Target.atMost(1.3, 1.1);

  private record Step(String name, int connections, boolean quick) {}

  private static final List<Step> STEPS =
      List.of(
          new Step("100k", 100_000, true),
          new Step("1m", 1_000_000, false),
          new Step("10m", 10_000_000, false));

  /** What was measured with so many connections. */
  private record Measured(double bytes, List<Double> claims) {}

  @Override
  public List<String> rows() {
    return List.of("schedule.bytes", "schedule.claims", "schedule.growth");
  }

  @Override
  public boolean quick() {
    return true;
  }

  @Override
  public List<Figure> measure(Run run) {
    run.say("schedule: starting a Redis of its own");
    try (DueConnections connections = run.dueConnections();
        RedisMemory memory = new RedisMemory(connections.server().uri())) {
      return measure(run, connections, memory);
    }
  }

  private static List<Figure> measure(Run run, DueConnections connections, RedisMemory memory) {
    List<Figure> figures = new ArrayList<>();
    List<Measured> all = new ArrayList<>();
    int made = 0;
    for (Step step : STEPS) {
      if (step.quick() || !run.pace().quick()) {
        make(run, connections, made, step.connections());
        made = step.connections();
        Measured one = measure(run, step, connections, memory);
        all.add(one);
        Spread bytes = Spread.once(one.bytes());
        figures.add(Figure.comparable("schedule.bytes." + step.name(), "B", bytes, BYTES));
        figures.add(
            Figure.beside("schedule.claims." + step.name(), "1/s", Spread.of(one.claims())));
      }
    }
    if (all.size() > 1) {
      figures.add(
          Figure.comparable("schedule.growth", "", growth(all.getFirst(), all.getLast()), GROWTH));
    }
    return figures;
  }

  /** In parts, so that one sees how it goes and can stop. */
  private static void make(Run run, DueConnections connections, int from, int to) {
    for (int part = 0; part < PARTS; part++) {
      int begin = from + (int) ((long) (to - from) * part / PARTS);
      int end = from + (int) ((long) (to - from) * (part + 1) / PARTS);
      run.say("schedule: " + begin + " connections of " + to);
      connections.make(begin, end, SPAN);
    }
  }

  private static Measured measure(
      Run run, Step step, DueConnections connections, RedisMemory memory) {
    double bytes = (double) memory.ofDueIndex() / step.connections();
    List<Double> claims = new ArrayList<>();
    for (int i = 0; i < run.pace().alternations(); i++) {
      claims.add(claim(connections.index(), 8_000));
    }
    run.say(
        "schedule: %d connections, %.1f bytes each, %.0f claims/s"
            .formatted(step.connections(), bytes, Spread.of(claims).median()));
    return new Measured(bytes, claims);
  }

  /** Claims so many of what is due, shard after shard as the scheduler does; how many a second. */
  private static double claim(DueIndex due, int wanted) {
    long begin = System.nanoTime();
    int claimed = 0;
    int dry = 0;
    for (int shard = 0; claimed < wanted; shard = (shard + 1) % TestBed.SHARDS) {
      int some = due.claim(shard, BATCH, REEMIT).size();
      claimed += some;
      dry = some == 0 ? dry + 1 : 0;
      if (dry > TestBed.SHARDS) {
        throw new BedException("only " + claimed + " of " + wanted + " connections were due");
      }
    }
    return claimed * 1e9 / (System.nanoTime() - begin);
  }

  /** How many times as much a claim costs with many as with few. */
  private static Spread growth(Measured few, Measured many) {
    List<Double> growth = new ArrayList<>();
    for (int i = 0; i < few.claims().size(); i++) {
      growth.add(few.claims().get(i) / many.claims().get(i));
    }
    return Spread.of(growth);
  }
}
