package dev.perennial.app.console.change;

import dev.perennial.domain.ConnectionKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When the access token ended that each connection had when it was last seen, in a table of fixed
 * size: two connections that fall on one place drive each other out, so some are not known. Not
 * thread-safe.
 */
final class Ends {
  /** 3 MiB; of 100,000 connections about one in six is driven out. */
  private static final int PLACES = 1 << 18;

  private final long[] keys = new long[PLACES];
  private final int[] seconds = new int[PLACES];

  /**
   * Notes the end of the token that a connection has now.
   *
   * @return the end of the one it had; null where that is not known
   */
  @Nullable Instant swap(ConnectionKey key, @Nullable Instant end) {
    long hash = hash(key);
    int place = (int) (hash >>> 46);
    boolean known = keys[place] == hash && seconds[place] != 0;
    Instant before = known ? Instant.ofEpochSecond(Integer.toUnsignedLong(seconds[place])) : null;
    keys[place] = hash;
    seconds[place] = end == null ? 0 : (int) end.getEpochSecond();
    return before;
  }

  /** FNV-1a (Fowler, Noll, Vo), stirred so that its high bits are good too. */
  private static long hash(ConnectionKey key) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : key.toString().getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    return hash ^ (hash >>> 33);
  }
}
