package dev.perennial.prove.guarantee;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.CredentialState;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * At the end Redis and the last record of each connection say the same, whatever Redis has lost in
 * between: so the topic alone is enough to build it again.
 */
public final class RedisIsRebuildable implements Guarantee {

  @Override
  public Verdict check(Evidence evidence) {
    Verdict.Tally tally = new Verdict.Tally(this);
    Map<ConnectionKey, Published> last = new HashMap<>();
    evidence.published().forEach(one -> last.put(one.key(), one));
    last.forEach((key, one) -> judge(one, evidence.stored().get(key), tally));
    evidence
        .stored()
        .forEach((key, stored) -> {
          if (!last.containsKey(key)) {
            tally.checked();
            tally.violated(key + ": Redis has " + stored + ", the topic has no record of it");
          }
        });
    return tally.verdict();
  }

  private static void judge(Published last, @Nullable Stored stored, Verdict.Tally tally) {
    tally.checked();
    if (stored == null) {
      tally.violated(last.key() + ": the topic has " + last + ", Redis has nothing");
    } else if (!agree(last.state(), stored)) {
      tally.violated(last.key() + ": the topic ends with " + last + ", Redis has " + stored);
    }
  }

  private static boolean agree(CredentialState state, Stored stored) {
    String sealed =
        state.sealed() == null
            ? null
            : new String(state.sealed().bytes(), StandardCharsets.ISO_8859_1);
    return state.grant() == stored.grant()
        && state.tokenGen() == stored.tokenGen()
        && state.version() == stored.version()
        && state.status().text().equals(stored.status())
        && (sealed == null || sealed.equals(stored.sealed()));
  }
}
