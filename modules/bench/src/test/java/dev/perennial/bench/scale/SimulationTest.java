package dev.perennial.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.bench.scale.Simulation.Outcome;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arithmetic and the simulation know nothing of each other, and must agree. */
class SimulationTest {
  private static final Percentage FIVE = Percentage.withPercentage(5);

  @ParameterizedTest
  @CsvSource({"0.3, 3600, 2", "0.3, 3600, 1.5", "0.5, 1800, 2", "0.2, 600, 1.5", "1, 3600, 3"})
  void theModelSaysWhatTheSimulationDoes(double part, double seconds, double headroom) {
    Demand demand = new Demand(100_000, 3600, 0.75, 0.05, 0.2);
    Outage outage = new Outage(part, seconds, headroom);
    Outcome outcome = new Simulation(demand, outage, 7).run();
    assertThat(outcome.rate()).isCloseTo(demand.rate(), FIVE);
    assertThat(outcome.drained()).isCloseTo(outage.drained(demand), within(30.0));
    assertThat(outcome.expired()).isCloseTo(outage.expired(demand), within(0.05));
  }
}
