package dev.perennial.bench.row;

import dev.perennial.bench.bed.BedException;
import dev.perennial.bench.bed.TestBed;
import dev.perennial.bench.bed.Worker;
import dev.perennial.bench.figure.Figure;
import dev.perennial.bench.figure.Spread;
import dev.perennial.bench.figure.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * What an exchanger holds for calls that a provider keeps waiting: live heap after a collection,
 * and resident memory, with 2,000 calls in flight and with none.
 */
public final class InFlightMemory implements Measurement {
  private static final int CALLS = 2_000;
  private static final Duration DELAY = Duration.ofSeconds(25);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final double MIB = 1 << 20;

  @Override
  public List<String> rows() {
    return List.of("memory.in_flight_mb");
  }

  @Override
  public boolean quick() {
    return false;
  }

  @Override
  public List<Figure> measure(Run run) {
    TestBed bed = run.bed();
    run.pool().grow(CALLS);
    String most = Integer.toString(CALLS);
    run.say("memory: " + CALLS + " calls in flight");
    try (Worker exchanger =
        bed.worker(
            "exchanger",
            Map.of("exchanger.max-in-flight", most, "exchanger.per-integration", most))) {
      long live = exchanger.liveBytes();
      long resident = exchanger.residentBytes();
      long granted = bed.tokens().ledger().granted();
      bed.tokens().delay(DELAY);
      run.pool().connections().sayDue(run.pool().turn(CALLS));
      await(run, "in flight", () -> bed.tokens().waiting() == CALLS);
      double liveMore = exchanger.liveBytes() - live;
      double residentMore = exchanger.residentBytes() - resident;
      bed.tokens().delay(Duration.ZERO);
      await(run, "answered", () -> bed.tokens().ledger().granted() == granted + CALLS);
      return List.of(
          Figure.local(
              "memory.in_flight_mb",
              "MiB per 1000",
              Spread.once(liveMore * 1_000 / CALLS / MIB),
              Target.atMost(60, 30)),
          Figure.beside(
              "memory.in_flight.resident_mb",
              "MiB per 1000",
              Spread.once(residentMore * 1_000 / CALLS / MIB)));
    } finally {
      bed.tokens().delay(Duration.ZERO);
    }
  }

  private static void await(Run run, String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new BedException(CALLS + " calls were not " + what + " in time");
      }
      run.pause(LOOK);
    }
  }
}
