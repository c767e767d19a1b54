package dev.perennial.bench.row;

import dev.perennial.bench.bed.BedException;
import dev.perennial.bench.figure.Figure;
import dev.perennial.bench.figure.Spread;
import dev.perennial.bench.scale.Demand;
import dev.perennial.bench.scale.Outage;
import dev.perennial.bench.scale.Plan;
import dev.perennial.bench.scale.Simulation;
import dev.perennial.bench.scale.UnitCosts;
import java.util.List;

/**
 * What a hundred million connections would take, by the unit costs that this run has measured, and
 * the arithmetic of time (rate, backlog, expiry) checked by a simulation of a thousandth of them.
 * docs/scale.md says what is meant.
 */
public final class ScaleModel implements Measurement {
  private static final double SMALLER = 1000;
  private static final long SEED = 20_260_101;
  private static final double TOLERANCE = 0.05;
  private static final int REPLICAS = 3;

  @Override
  public List<String> rows() {
    return List.of("scale.model");
  }

  @Override
  public boolean quick() {
    return false;
  }

  @Override
  public List<Figure> measure(Run run) {
    Demand demand = Demand.HUNDRED_MILLION;
    Outage outage = Outage.HOUR;
    check(run, demand, outage);
    Plan plan = new Plan(demand, UnitCosts.of(run.measured()), outage.headroom(), REPLICAS);
    double primaries = Math.max(plan.redisPrimariesByTime(), plan.redisMemory() / 32);
    return List.of(
        figure("refreshes", "1/s", demand.rate()),
        figure("in_flight", "", demand.inFlight()),
        figure("exchanger_cores", "", plan.exchangerCores()),
        figure("in_flight_memory", "GiB", plan.inFlightMemory()),
        figure("redis_primaries_by_time", "", plan.redisPrimariesByTime()),
        figure("redis_memory", "GiB", plan.redisMemory()),
        figure("redis_primaries", "", Math.ceil(primaries)),
        figure("redis_healing", "s", plan.healing(primaries)),
        figure("kafka_in", "MB/s", plan.kafkaIn()),
        figure("kafka_cores", "", plan.kafkaCores()),
        figure("kafka_disk", "TB", plan.kafkaDisk()),
        figure("outage_backlog", "", outage.backlog(demand)),
        figure("outage_drained", "s", outage.drained(demand)),
        figure("outage_others_wait", "s", outage.othersWait(demand)),
        figure("outage_expired", "", outage.expired(demand)),
        figure("pause_caught_up", "s", outage.caughtUp(10)));
  }

  private static Figure figure(String name, String unit, double value) {
    return Figure.beside("scale." + name, unit, Spread.once(value));
  }

  private static void check(Run run, Demand demand, Outage outage) {
    Demand small =
        new Demand(
            demand.connections() / SMALLER,
            demand.life(),
            demand.share(),
            demand.jitter(),
            demand.answer());
    Simulation.Outcome outcome = new Simulation(small, outage, SEED).run();
    check("refreshes a second", small.rate(), outcome.rate());
    check("seconds until drained", outage.drained(small), outcome.drained());
    check("part that expired", outage.expired(small), outcome.expired());
    run.say(
        "scale.model: the simulation agrees: %.1f refreshes/s, drained after %.0f s, %.3f expired,"
                .formatted(outcome.rate(), outcome.drained(), outcome.expired())
            + " echo %.1f times the usual".formatted(outcome.echo()));
  }

  private static void check(String what, double modelled, double simulated) {
    if (Math.abs(modelled - simulated) > TOLERANCE * Math.max(modelled, simulated)) {
      throw new BedException(
          "the model and its simulation disagree: " + what + ", " + modelled + " and " + simulated);
    }
  }
}
