package dev.perennial.app.admin;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import dev.perennial.domain.authorization.ConnectSessions;
import dev.perennial.domain.authorization.PendingAuthorization;
import dev.perennial.domain.authorization.PendingAuthorizations;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Sessions that were added, and numbers for grants. */
final class MemoryAuthorizations implements ConnectSessions, PendingAuthorizations {
  final Map<Secret, ConnectSession> sessions = new HashMap<>();
  long grant = 100;

  @Override
  public void add(Secret session, ConnectSession what, Duration valid) {
    sessions.put(session, what);
  }

  @Override
  public Grant nextGrant(ConnectionKey key) {
    return new Grant(++grant, "healing");
  }

  @Override
  public Optional<ConnectSession> find(Secret session) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean redeem(Secret session, String authorization) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void add(Secret state, PendingAuthorization pending, Duration valid) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Hold hold(Secret state, String holder, Duration most) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void release(Secret state, String holder) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void spend(Secret state, String holder) {
    throw new UnsupportedOperationException();
  }
}
