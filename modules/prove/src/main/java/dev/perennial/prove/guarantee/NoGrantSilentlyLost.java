package dev.perennial.prove.guarantee;

import dev.perennial.devstack.provider.Use;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What stands in Redis as alive is alive at the provider; what is not has been published, as {@code
 * refused} or {@code outcome_unknown}. Where the provider answers a spent token again, nothing is
 * lost at all, unless what was away stayed away for longer than that.
 */
public final class NoGrantSilentlyLost implements Guarantee {
  private static final Set<String> HONEST = Set.of(Reason.REFUSED, Reason.OUTCOME_UNKNOWN);

  /**
   * A connection that was given up.
   *
   * @param cause in words
   * @param excusable whether the provider's habits and the faults explain it
   */
  public record Loss(ConnectionKey key, Published record, String cause, boolean excusable) {}

  @Override
  public Verdict check(Evidence evidence) {
    Verdict.Tally tally = new Verdict.Tally(this);
    evidence.stored().forEach((key, stored) -> living(evidence, key, stored, tally));
    for (Loss loss : losses(evidence)) {
      tally.checked();
      if (!loss.excusable()) {
        tally.violated(loss.key() + ": given up as " + loss.record() + ": " + loss.cause());
      }
    }
    return tally.verdict();
  }

  private static void living(
      Evidence evidence, ConnectionKey key, Stored stored, Verdict.Tally tally) {
    tally.checked();
    boolean alive =
        stored.status().equals(Status.ACTIVE.text())
            || stored.status().equals(Status.REFRESH_FAILING.text());
    if (!alive || evidence.standing().getOrDefault(key, Standing.UNKNOWN) != Standing.DEAD) {
      return;
    }
    if (stored.attempt() != null) {
      tally.excused(); // it is known that the outcome is not known
      return;
    }
    tally.violated(
        key
            + ": Redis has "
            + stored
            + ", but the provider no longer takes "
            + stored.refreshToken()
            + "; the ledger: "
            + uses(
                evidence
                    .byRefreshToken()
                    .getOrDefault(String.valueOf(stored.refreshToken()), List.of())));
  }

  /** Every connection that was given up, and why. */
  public static List<Loss> losses(Evidence evidence) {
    List<Loss> losses = new ArrayList<>();
    Map<String, List<Use>> uses = evidence.byRefreshToken();
    evidence
        .byConnection()
        .values()
        .forEach(records -> {
          Published before = null;
          for (Published one : records) {
            boolean given =
                one.state().status() == Status.REAUTHORIZATION_REQUIRED
                    && !one.state().change().isOnlyTold();
            if (given && (before == null || !before.state().equals(one.state()))) {
              losses.add(
                  loss(
                      evidence,
                      one,
                      uses.getOrDefault(String.valueOf(one.refreshToken()), List.of())));
            }
            before = one;
          }
        });
    return losses;
  }

  private static Loss loss(Evidence evidence, Published record, List<Use> uses) {
    ConnectionKey key = record.key();
    Reason reason = record.state().reason();
    String ledger = "the ledger: " + uses(uses);
    if (reason == null || !HONEST.contains(reason.code())) {
      return new Loss(key, record, "the reason is no honest one; " + ledger, false);
    }
    Promise promise = evidence.promise(key.integration());
    if (!promise.rotates()) {
      return new Loss(key, record, "its provider never rotates; " + ledger, false);
    }
    if (promise.reuseWindow().isZero()) {
      return new Loss(key, record, ledger, true);
    }
    Instant spent = uses.stream().filter(Use::spends).map(Use::at).findFirst().orElse(Instant.MIN);
    if (spent.equals(Instant.MIN)) {
      return new Loss(key, record, "its token was never spent by a use of it; " + ledger, false);
    }
    Duration free = evidence.undisturbed(key, spent, spent.plus(promise.reuseWindow()));
    boolean outlasted = free.compareTo(needed(evidence.timing())) < 0;
    String cause =
        "of the "
            + promise.reuseWindow().toSeconds()
            + " s after it was spent, "
            + free.toMillis()
            + " ms were free of faults; "
            + ledger;
    return new Loss(key, record, cause, outlasted);
  }

  /** What one call takes once everybody is there again. */
  private static Duration needed(Timing timing) {
    return timing.deadline().plus(timing.slack());
  }

  private static String uses(List<Use> uses) {
    if (uses.isEmpty()) {
      return "no use of it";
    }
    StringBuilder words = new StringBuilder();
    for (Use use : uses) {
      words
          .append(words.isEmpty() ? "" : ", ")
          .append(use.worker())
          .append(" at ")
          .append(use.at())
          .append(' ')
          .append(use.outcome())
          .append(use.detail().isEmpty() ? "" : " " + use.detail())
          .append(' ')
          .append(use.delivery());
    }
    return words.toString();
  }
}
