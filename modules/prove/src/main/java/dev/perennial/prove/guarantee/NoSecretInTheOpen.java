package dev.perennial.prove.guarantee;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * No code, no token and no key stands in what anybody may read: topics, Redis, logs. Every place is
 * searched for every secret that was ever issued.
 */
public final class NoSecretInTheOpen implements Guarantee {
  /** A shorter one cannot be told from chance. */
  private static final int SHORTEST = 8;

  @Override
  public Verdict check(Evidence evidence) {
    Verdict.Tally tally = new Verdict.Tally(this);
    Map<String, List<String>> byHead = new HashMap<>();
    for (String secret : evidence.secrets()) {
      if (secret.length() >= SHORTEST) {
        byHead
            .computeIfAbsent(secret.substring(secret.length() - SHORTEST), _ -> new ArrayList<>())
            .add(secret);
        tally.checked();
      }
    }
    evidence
        .open()
        .forEach((place, text) ->
            found(text, byHead)
                .forEach(secret ->
                    tally.violated(
                        place
                            + " has a secret of "
                            + secret.length()
                            + " characters in the open")));
    return tally.verdict();
  }

  /** By their last characters: the first ones may be the same for all. */
  private static Set<String> found(String text, Map<String, List<String>> byTail) {
    Set<String> found = new HashSet<>();
    for (int end = SHORTEST; end <= text.length(); end++) {
      List<String> likely = byTail.get(text.substring(end - SHORTEST, end));
      if (likely != null) {
        for (String secret : likely) {
          if (end >= secret.length() && text.startsWith(secret, end - secret.length())) {
            found.add(secret);
          }
        }
      }
    }
    return found;
  }
}
