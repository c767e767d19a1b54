package dev.perennial.credentials;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A provider whose refresh tokens are single use: a spent one that comes again revokes the grant.
 */
final class RotatingProvider {
  private final Map<Long, Integer> spent = new HashMap<>();
  private final Set<Long> revoked = new HashSet<>();

  /** The first refresh token of a consent. */
  String consent(long grant) {
    spent.put(grant, 0);
    return current(grant);
  }

  /** The token that is good for the next refresh. */
  String current(long grant) {
    return grant + "/" + spent.get(grant);
  }

  boolean isSpent(String token) {
    return !token.equals(current(grant(token)));
  }

  /** Takes a token for the next one; false where it was spent before or its grant is revoked. */
  boolean refresh(String token) {
    long grant = grant(token);
    if (isSpent(token)) {
      revoked.add(grant);
    }
    if (revoked.contains(grant)) {
      return false;
    }
    spent.merge(grant, 1, Integer::sum);
    return true;
  }

  boolean isRevoked(long grant) {
    return revoked.contains(grant);
  }

  private static long grant(String token) {
    return Long.parseLong(token.substring(0, token.indexOf('/')));
  }
}
