package dev.perennial.app.admin;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import dev.perennial.domain.authorization.CodeRecords;
import dev.perennial.domain.authorization.ConnectSessions;
import dev.perennial.domain.authorization.PendingAuthorization;
import dev.perennial.domain.authorization.PendingAuthorizations;
import dev.perennial.domain.authorization.SessionId;
import dev.perennial.domain.authorization.SessionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Sessions that were added, and numbers for grants. */
final class MemoryAuthorizations implements ConnectSessions, PendingAuthorizations {
  final Map<Secret, ConnectSession> sessions = new HashMap<>();
  final Map<SessionId, SessionStatus> statuses = new HashMap<>();
  long grant = 100;

  @Override
  public void add(Secret session, ConnectSession what, Instant from, Duration valid) {
    sessions.put(session, what);
    SessionStatus.Track track =
        new SessionStatus.Track(what.key(), from.plus(valid), null, null, false);
    statuses.put(
        SessionId.of(session), SessionStatus.of(track, new CodeRecords.Progress.Pending(), from));
  }

  @Override
  public Optional<SessionStatus> status(SessionId id, Instant now) {
    return Optional.ofNullable(statuses.get(id));
  }

  @Override
  public void begun(Secret session, String authorization, Instant answerBy) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void failed(Secret session, String authorization) {
    throw new UnsupportedOperationException();
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
