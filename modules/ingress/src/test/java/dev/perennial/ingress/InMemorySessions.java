package dev.perennial.ingress;

import dev.perennial.domain.Secret;
import dev.perennial.domain.authorization.ConnectSessions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Sessions in a map, each good once. */
final class InMemorySessions implements ConnectSessions {
  private final Map<Secret, ConnectSession> sessions = new ConcurrentHashMap<>();

  @Override
  public void add(Secret session, ConnectSession what, Duration valid) {
    sessions.put(session, what);
  }

  @Override
  public Optional<ConnectSession> redeem(Secret session) {
    return Optional.ofNullable(sessions.remove(session));
  }
}
