package dev.perennial.prove.guarantee;

import dev.perennial.devstack.provider.Delivery;
import dev.perennial.devstack.provider.Use;
import dev.perennial.prove.guarantee.Disturbance.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A refresh token that was spent is never sent again while somebody may hold what came of it. A
 * repetition inside the provider's reuse window does no harm and does not count. Outside of it a
 * repetition is excused only where
 *
 * <ul>
 *   <li>the earlier answer never left the provider whole, or was lost on a way that we had made
 *       bad, or
 *   <li>the worker that had been answered was killed before its commit, or
 *   <li>it was stopped before its commit and still stood when the repetition was sent.
 * </ul>
 */
public final class NoRefreshTokenSpentTwice implements Guarantee {
  /** From the moment before a kill until the worker is gone for sure. */
  private static final Duration DYING = Duration.ofMillis(500);

  @Override
  public Verdict check(Evidence evidence) {
    Verdict.Tally tally = new Verdict.Tally(this);
    Map<String, Published> held = evidence.byHeldToken();
    evidence
        .byRefreshToken()
        .forEach((token, uses) -> judge(evidence, held.get(token), uses, tally));
    return tally.verdict();
  }

  private static void judge(
      Evidence evidence, @Nullable Published held, List<Use> uses, Verdict.Tally tally) {
    tally.checked();
    List<Use> answered = new ArrayList<>();
    for (Use again : uses) {
      List<Use> breached =
          answered.stream().filter(first -> !again.at().isBefore(first.reusableUntil())).toList();
      Optional<Use> unexcused =
          breached.stream().filter(first -> !excused(evidence, first, again)).findFirst();
      unexcused.ifPresent(first -> tally.violated(words(evidence, held, first, again)));
      if (unexcused.isEmpty() && !breached.isEmpty()) {
        tally.excused();
      }
      if (again.spends() && again.delivery() == Delivery.WHOLE) {
        answered.add(again);
      }
    }
  }

  private static String words(Evidence evidence, @Nullable Published held, Use first, Use again) {
    Instant committed = committed(evidence, first);
    return (held == null ? "a token that no record holds" : held.key().toString())
        + ": "
        + again.token()
        + " was sent by "
        + again.worker()
        + " at "
        + again.at()
        + ", after "
        + first.worker()
        + " had been answered at "
        + first.at()
        + " (the provider: "
        + again.outcome()
        + "; the topic: "
        + (committed == null
            ? "that answer was never committed"
            : "it was committed at " + committed)
        + ")";
  }

  private static boolean excused(Evidence evidence, Use answered, Use again) {
    String worker = answered.worker();
    Instant committed = committed(evidence, answered);
    Instant readBy = answered.at().plus(evidence.timing().deadline());
    return evidence.disturbances().stream()
        .anyMatch(one ->
            (one.of(Kind.WORKER_KILLED, worker)
                    && isBeforeCommit(one.from(), committed)
                    && !one.from().isAfter(again.at())
                    && !answered.at().isAfter(one.from().plus(DYING)))
                || (one.of(Kind.WORKER_STOPPED, worker)
                    && isBeforeCommit(one.from(), committed)
                    && !one.from().isAfter(readBy)
                    && !one.to().isBefore(again.at()))
                || (one.of(Kind.PROVIDER_LINK, worker) && one.overlaps(answered.at(), readBy)));
  }

  private static boolean isBeforeCommit(Instant moment, @Nullable Instant committed) {
    return committed == null || !moment.isAfter(committed);
  }

  /** When what came of a use was written; null where it never was. */
  private static @Nullable Instant committed(Evidence evidence, Use answered) {
    return evidence.published().stream()
        .filter(one -> answered.issued().equals(one.refreshToken()))
        .map(one -> one.state().changedAt())
        .min(Instant::compareTo)
        .orElse(null);
  }
}
