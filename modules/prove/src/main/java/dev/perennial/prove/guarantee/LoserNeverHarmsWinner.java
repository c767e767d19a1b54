package dev.perennial.prove.guarantee;

import dev.perennial.devstack.provider.Use;
import dev.perennial.domain.credential.Status;
import java.util.List;
import java.util.Map;

/**
 * A connection is given up only where the provider has refused the very token that stands in it: a
 * refusal of an older one, which a late or a second worker may bring home, changes nothing. And no
 * answer ever takes the place of a newer one.
 */
public final class LoserNeverHarmsWinner implements Guarantee {

  @Override
  public Verdict check(Evidence evidence) {
    Verdict.Tally tally = new Verdict.Tally(this);
    Map<String, List<Use>> uses = evidence.byRefreshToken();
    for (Published one : evidence.published()) {
      if (one.state().status() == Status.REAUTHORIZATION_REQUIRED && one.refreshToken() != null) {
        tally.checked();
        boolean refused =
            uses.getOrDefault(one.refreshToken(), List.of()).stream()
                .anyMatch(use -> use.outcome() == Use.Outcome.REFUSED);
        if (!refused) {
          tally.violated(
              one.key()
                  + ": given up as "
                  + one
                  + ", but the provider never refused "
                  + one.refreshToken()
                  + ", which stands in it");
        }
      }
    }
    evidence
        .byConnection()
        .forEach((key, records) -> {
          tally.checked();
          Published highest = records.stream().max(LoserNeverHarmsWinner::compare).orElseThrow();
          Stored stored = evidence.stored().get(key);
          if (stored != null
              && (stored.grant() < highest.state().grant()
                  || (stored.grant() == highest.state().grant()
                      && stored.tokenGen() < highest.state().tokenGen()))) {
            tally.violated(key + ": the topic has had " + highest + ", Redis is back at " + stored);
          }
        });
    return tally.verdict();
  }

  private static int compare(Published one, Published other) {
    return one.state().compareTo(other.state());
  }
}
