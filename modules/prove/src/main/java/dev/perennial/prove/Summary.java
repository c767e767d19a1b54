package dev.perennial.prove;

import dev.perennial.devstack.provider.Use;
import dev.perennial.prove.guarantee.EveryCodeSettled;
import dev.perennial.prove.guarantee.Evidence;
import dev.perennial.prove.guarantee.Guarantee;
import dev.perennial.prove.guarantee.NoGrantSilentlyLost;
import dev.perennial.prove.guarantee.NoRefreshTokenSpentTwice;
import dev.perennial.prove.guarantee.Verdict;
import java.util.List;

/** The last line. */
record Summary(
    int faults,
    long refreshes,
    int connections,
    int lost,
    long spentTwice,
    long lostSilently,
    long unsettledCodes,
    long violations) {

  static Summary of(Evidence evidence, int faults, int lost, List<Verdict> verdicts) {
    return new Summary(
        faults,
        evidence.uses().stream()
            .filter(use -> use.kind() == Use.Kind.REFRESH_TOKEN)
            .filter(use -> use.outcome() == Use.Outcome.GRANTED)
            .count(),
        evidence.stored().size(),
        lost,
        violations(verdicts, NoRefreshTokenSpentTwice.class),
        violations(verdicts, NoGrantSilentlyLost.class),
        violations(verdicts, EveryCodeSettled.class),
        verdicts.stream().mapToLong(verdict -> verdict.violations().size()).sum());
  }

  private static long violations(List<Verdict> verdicts, Class<? extends Guarantee> of) {
    return verdicts.stream()
        .filter(verdict -> verdict.guarantee().equals(of.getSimpleName()))
        .mapToLong(verdict -> verdict.violations().size())
        .sum();
  }

  @Override
  public String toString() {
    return "prove: faults="
        + faults
        + " refreshes="
        + refreshes
        + " connections="
        + connections
        + " lost="
        + lost
        + " spent_twice="
        + spentTwice
        + " lost_silently="
        + lostSilently
        + " unsettled_codes="
        + unsettledCodes
        + " violations="
        + violations;
  }
}
