package dev.perennial.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.bench.figure.Figure;
import dev.perennial.bench.figure.Spread;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
  /** One refresh a second: each figure can be seen at a glance. */
  private static final Demand DEMAND = new Demand(2_700, 3_600, 0.75, 0, 0.5);

  private static final UnitCosts COSTS =
      new UnitCosts(500_000, 100_000, 50_000, 1_000, 900, 100, 100, 1_024);

  @Test
  void theDemandIsWhatFallsDue() {
    assertThat(DEMAND.rate()).isEqualTo(1);
    assertThat(DEMAND.inFlight()).isEqualTo(0.5);
    assertThat(DEMAND.margin()).isEqualTo(900);
  }

  @Test
  void eachPartIsSizedForTheHeadroom() {
    Plan plan = new Plan(DEMAND, COSTS, 2, 3);
    assertThat(plan.exchangerCores()).isEqualTo(1);
    assertThat(plan.redisPrimariesByTime()).isEqualTo(0.2);
    assertThat(plan.kafkaCores()).isEqualTo(0.3, within(1e-9));
    assertThat(plan.redisMemory()).isEqualTo(2_700 * 1_500 / (double) (1L << 30));
    assertThat(plan.kafkaIn()).isEqualTo(0.001);
    assertThat(plan.kafkaDisk()).isEqualTo(3 * (2_700 * 900 + 86_400 * 1_000.0) / 1e12);
    assertThat(plan.inFlightMemory()).isEqualTo(0.001);
    assertThat(plan.healing(2)).isEqualTo(13.5);
  }

  @Test
  void costsComeFromTheRunWhereItHasThem() {
    UnitCosts costs =
        UnitCosts.of(List.of(Figure.beside("refresh.cpu_us", "us", Spread.once(123))));
    assertThat(costs.exchangerMicros()).isEqualTo(123);
    assertThat(costs.redisMicros()).isEqualTo(UnitCosts.KNOWN.redisMicros());
  }
}
