package dev.perennial.prove.guarantee;

import dev.perennial.devstack.provider.Delivery;
import dev.perennial.devstack.provider.Use;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Status;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * No access token of a living connection comes to its end before the next one is there, as long as
 * nothing is away: what happened during an outage, in its aftermath, or under faults of the
 * connection's own provider does not count. A warning is neither a token nor the next one: it is
 * left out.
 */
public final class RefreshedBeforeExpiry implements Guarantee {

  @Override
  public Verdict check(Evidence evidence) {
    Verdict.Tally tally = new Verdict.Tally(this);
    Map<String, List<Use>> uses = evidence.byRefreshToken();
    evidence
        .byConnection()
        .values()
        .forEach(all -> {
          List<Published> records =
              all.stream().filter(one -> !one.state().change().isOnlyTold()).toList();
          for (int i = 0; i < records.size(); i++) {
            judge(evidence, records, i, uses, tally);
          }
        });
    return tally.verdict();
  }

  private static void judge(
      Evidence evidence,
      List<Published> records,
      int i,
      Map<String, List<Use>> uses,
      Verdict.Tally tally) {
    CredentialState state = records.get(i).state();
    Instant due = state.nextRefreshAt();
    Instant expires = state.expiresAt();
    if (state.status() != Status.ACTIVE || due == null || expires == null) {
      return;
    }
    Instant next = next(records, i);
    if (next == null && !expires.isBefore(evidence.until())) {
      return; // still good when the run was over
    }
    tally.checked();
    if (next != null && next.isBefore(expires)) {
      return;
    }
    boolean failed =
        uses.getOrDefault(String.valueOf(records.get(i).refreshToken()), List.of()).stream()
            .anyMatch(use -> use.delivery() != Delivery.WHOLE || isFailure(use));
    if (failed || evidence.delaying(state.key(), due, expires).findAny().isPresent()) {
      tally.excused();
      return;
    }
    tally.violated(
        state.key()
            + ": "
            + records.get(i)
            + " ran out at "
            + expires
            + ", due since "
            + due
            + ", "
            + (next == null ? "and nothing came after it" : "the next came at " + next)
            + "; nothing was away");
  }

  private static boolean isFailure(Use use) {
    return use.outcome() != Use.Outcome.GRANTED;
  }

  /** When the next different version was written, or null. */
  private static @Nullable Instant next(List<Published> records, int i) {
    CredentialState state = records.get(i).state();
    return records.subList(i + 1, records.size()).stream()
        .map(Published::state)
        .filter(later -> later.compareTo(state) > 0)
        .map(CredentialState::changedAt)
        .findFirst()
        .orElse(null);
  }
}
