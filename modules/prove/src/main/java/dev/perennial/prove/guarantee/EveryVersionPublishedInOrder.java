package dev.perennial.prove.guarantee;

import dev.perennial.domain.credential.CredentialState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Each version says one thing however often it is said; the last record of a connection is its
 * highest, since compaction keeps the last; and whoever skips what is not above what he has seen
 * sees versions rise.
 */
public final class EveryVersionPublishedInOrder implements Guarantee {
  private record Version(long grant, long version) {}

  @Override
  public Verdict check(Evidence evidence) {
    Verdict.Tally tally = new Verdict.Tally(this);
    evidence.byConnection().values().forEach(records -> judge(records, tally));
    return tally.verdict();
  }

  private static void judge(List<Published> records, Verdict.Tally tally) {
    Map<Version, Published> contents = new HashMap<>();
    Published highest = records.getFirst();
    for (Published one : records) {
      tally.checked();
      CredentialState state = one.state();
      Version version = new Version(state.grant(), state.version());
      Published before = contents.putIfAbsent(version, one);
      if (before != null && !before.state().equals(state)) {
        tally.violated(one.key() + ": one version says two things: " + before + ", and " + one);
      }
      if (state.compareTo(highest.state()) > 0) {
        if (state.version() <= highest.state().version()) {
          tally.violated(
              one.key() + ": a newer state with no higher version: " + highest + ", then " + one);
        }
        highest = one;
      }
    }
    Published last = records.getLast();
    if (last.state().compareTo(highest.state()) < 0) {
      tally.violated(
          last.key() + ": the last record is not the highest: " + last + ", but " + highest);
    }
  }
}
