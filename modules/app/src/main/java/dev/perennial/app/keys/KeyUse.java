package dev.perennial.app.keys;

import dev.perennial.domain.Sealed;
import dev.perennial.sealing.KeyRing;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** How much is sealed with which key, by what it is. Not thread-safe. */
public final class KeyUse {
  /** Stands for the key of bytes that are not of our sealed format. */
  public static final long NO_KEY = -1;

  private final Map<Long, Map<String, Long>> counts = new TreeMap<>();

  /** One more. */
  void add(Sealed sealed, String what) {
    counts
        .computeIfAbsent(KeyRing.keyIdOf(sealed).orElse(NO_KEY), _ -> new LinkedHashMap<>())
        .merge(what, 1L, Long::sum);
  }

  /** The keys that seal anything. */
  public Set<Long> keyIds() {
    return Collections.unmodifiableSet(counts.keySet());
  }

  /** What a key seals: counts by what it is, in the plural. */
  public Map<String, Long> of(long keyId) {
    return Collections.unmodifiableMap(counts.getOrDefault(keyId, Map.of()));
  }

  /** All that a key seals. */
  public long total(long keyId) {
    return of(keyId).values().stream().mapToLong(Long::longValue).sum();
  }

  /** E.g. {@code 12 credentials, 1 connect sessions}; empty where it seals nothing. */
  public String inWords(long keyId) {
    StringBuilder words = new StringBuilder();
    of(keyId)
        .forEach((what, count) ->
            words.append(words.isEmpty() ? "" : ", ").append(count).append(' ').append(what));
    return words.toString();
  }
}
