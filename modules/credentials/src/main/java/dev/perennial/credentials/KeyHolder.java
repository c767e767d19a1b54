package dev.perennial.credentials;

import java.time.Instant;
import java.util.List;

/**
 * A process that was heard of lately, and the keys that it says it holds.
 *
 * @param process names it
 * @param roles what it does
 * @param keyIds the keys that open, as unsigned numbers
 * @param primary the key that seals
 * @param live whether it takes up a changed ring without a restart
 * @param since when it began to hold just these, on Redis's clock
 */
public record KeyHolder(
    String process, String roles, List<Long> keyIds, long primary, boolean live, Instant since) {
  public KeyHolder {
    keyIds = List.copyOf(keyIds);
  }
}
