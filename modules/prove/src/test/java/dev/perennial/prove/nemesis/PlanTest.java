package dev.perennial.prove.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.prove.nemesis.Plan.Step;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlanTest {
  @Test
  void theSameSeedGivesTheSamePlan() {
    Duration length = Duration.ofMinutes(3);
    assertThat(Plan.of(7, length)).isEqualTo(Plan.of(7, length)).isNotEqualTo(Plan.of(8, length));
  }

  @Test
  void everythingIsOverInTimeAndEveryKindComesOnceInALongRun() {
    Duration length = Duration.ofMinutes(10);
    Plan plan = Plan.of(7, length);
    assertThat(plan.steps()).allMatch(step -> step.at().plus(step.length()).compareTo(length) <= 0);
    Set<Wound> seen = EnumSet.noneOf(Wound.class);
    plan.steps().stream().map(Step::wound).forEach(seen::add);
    assertThat(seen).containsExactlyInAnyOrder(Wound.values());
  }
}
