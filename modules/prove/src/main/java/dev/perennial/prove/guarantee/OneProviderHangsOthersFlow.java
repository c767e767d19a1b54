package dev.perennial.prove.guarantee;

import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Status;
import dev.perennial.prove.guarantee.Disturbance.Kind;
import java.time.Instant;
import java.util.List;

/**
 * While one provider hangs or fails, connections of the others are refreshed in time all the same.
 */
public final class OneProviderHangsOthersFlow implements Guarantee {

  @Override
  public Verdict check(Evidence evidence) {
    Verdict.Tally tally = new Verdict.Tally(this);
    List<Disturbance> hangs =
        evidence.disturbances().stream().filter(one -> one.kind() == Kind.PROVIDER).toList();
    evidence
        .byConnection()
        .values()
        .forEach(records -> {
          for (int i = 0; i + 1 < records.size(); i++) {
            judge(evidence, hangs, records.get(i), records.get(i + 1).state(), tally);
          }
        });
    return tally.verdict();
  }

  private static void judge(
      Evidence evidence,
      List<Disturbance> hangs,
      Published record,
      CredentialState next,
      Verdict.Tally tally) {
    CredentialState state = record.state();
    Instant due = state.nextRefreshAt();
    Instant expires = state.expiresAt();
    if (state.status() != Status.ACTIVE || due == null || expires == null) {
      return;
    }
    boolean during =
        hangs.stream().anyMatch(one -> !one.concerns(state.key()) && one.overlaps(due, expires));
    if (during) {
      tally.checked();
      if (next.changedAt().isBefore(expires)) {
        return;
      }
      if (evidence.delaying(state.key(), due, expires).findAny().isPresent()) {
        tally.excused();
      } else {
        tally.violated(
            state.key()
                + ": "
                + record
                + " ran out at "
                + expires
                + " while another provider was failing; the next version came at "
                + next.changedAt());
      }
    }
  }
}
