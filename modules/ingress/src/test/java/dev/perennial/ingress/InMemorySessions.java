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
  private final Map<Secret, String> used = new ConcurrentHashMap<>();

  @Override
  public void add(Secret session, ConnectSession what, Duration valid) {
    sessions.put(session, what);
  }

  @Override
  public Optional<ConnectSession> find(Secret session) {
    return used.containsKey(session)
        ? Optional.empty()
        : Optional.ofNullable(sessions.get(session));
  }

  @Override
  public boolean redeem(Secret session, String authorization) {
    String first = used.putIfAbsent(session, authorization);
    return first == null || first.equals(authorization);
  }
}
