package dev.perennial.exchanger;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The nonce that each server asked for last (RFC 9449 section 8). Those of the servers heard of
 * last are kept. Thread-safe.
 */
final class DpopNonces {
  /** As RFC 6749 appendix A has characters without spaces; longer ones are nobody's. */
  private static final Pattern NONCE = Pattern.compile("[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,1024}");

  private final int most;
  private final SequencedMap<Origin, String> latest = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param most servers, positive
   */
  DpopNonces(int most) {
    this.most = most;
  }

  /** Null where the server has not asked for one. */
  synchronized @Nullable String of(Origin server) {
    return latest.get(server);
  }

  /** Takes what a server said, unless it is no nonce. */
  synchronized void heard(Origin server, String nonce) {
    if (valid(nonce)) {
      latest.put(server, nonce);
      if (latest.size() > most) {
        latest.pollFirstEntry();
      }
    }
  }

  static boolean valid(String nonce) {
    return NONCE.matcher(nonce).matches();
  }
}
