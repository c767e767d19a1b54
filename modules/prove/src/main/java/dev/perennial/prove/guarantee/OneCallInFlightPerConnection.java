package dev.perennial.prove.guarantee;

import dev.perennial.devstack.provider.Overlap;
import dev.perennial.devstack.provider.Use;
import dev.perennial.prove.guarantee.Disturbance.Kind;
import java.time.Instant;

/**
 * The provider never has two calls of one grant before it at the same time. The lease outlives the
 * deadline, so only a worker that could not close its call when its time was over is excused: it
 * was killed or stopped, or the way between was bad.
 */
public final class OneCallInFlightPerConnection implements Guarantee {

  @Override
  public Verdict check(Evidence evidence) {
    Verdict.Tally tally = new Verdict.Tally(this);
    evidence.uses().stream().map(Use::grant).distinct().forEach(_ -> tally.checked());
    for (Overlap overlap : evidence.overlaps()) {
      if (excused(evidence, overlap.earlier(), overlap.later())) {
        tally.excused();
      } else {
        tally.violated(
            overlap.earlier().grant()
                + ": "
                + overlap.later().worker()
                + " called at "
                + overlap.later().at()
                + " while the call of "
                + overlap.earlier().worker()
                + " of "
                + overlap.earlier().at()
                + " was still before the provider");
      }
    }
    return tally.verdict();
  }

  private static boolean excused(Evidence evidence, Use earlier, Use later) {
    Instant from = earlier.at().minus(evidence.timing().deadline());
    return evidence.disturbances().stream()
        .filter(one ->
            one.of(Kind.WORKER_KILLED, earlier.worker())
                || one.of(Kind.WORKER_STOPPED, earlier.worker())
                || one.of(Kind.PROVIDER_LINK, earlier.worker()))
        .anyMatch(one -> one.overlaps(from, later.at().plusMillis(1)));
  }
}
