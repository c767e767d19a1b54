package dev.perennial.prove.guarantee;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * No code, no token and no key stands in what anybody may read: topics, Redis, logs and whatever
 * else the evidence holds. Every place is searched for every secret that was ever issued, as it is
 * and in the usual encodings.
 */
public final class NoSecretInTheOpen implements Guarantee {
  /** A shorter one cannot be told from chance. */
  private static final int SHORTEST = 8;

  /** One form of a secret. */
  private record Form(String text, String secret) {}

  @Override
  public Verdict check(Evidence evidence) {
    Verdict.Tally tally = new Verdict.Tally(this);
    Map<String, List<Form>> byTail = new HashMap<>();
    for (String secret : evidence.secrets()) {
      if (secret.length() >= SHORTEST) {
        Disguises.of(secret).forEach(text -> put(new Form(text, secret), byTail));
        tally.checked();
      }
    }
    evidence
        .open()
        .forEach((place, text) ->
            found(text, byTail)
                .forEach(secret ->
                    tally.violated(
                        place
                            + " has a secret of "
                            + secret.length()
                            + " characters in the open")));
    return tally.verdict();
  }

  /** By their last characters: the first ones may be the same for all. */
  private static void put(Form form, Map<String, List<Form>> byTail) {
    String text = form.text();
    if (text.length() >= SHORTEST) {
      byTail
          .computeIfAbsent(text.substring(text.length() - SHORTEST), _ -> new ArrayList<>())
          .add(form);
    }
  }

  private static Set<String> found(String text, Map<String, List<Form>> byTail) {
    Set<String> found = new HashSet<>();
    for (int end = SHORTEST; end <= text.length(); end++) {
      List<Form> likely = byTail.get(text.substring(end - SHORTEST, end));
      if (likely != null) {
        for (Form form : likely) {
          if (text.startsWith(form.text(), end - form.text().length())) {
            found.add(form.secret());
          }
        }
      }
    }
    return found;
  }
}
