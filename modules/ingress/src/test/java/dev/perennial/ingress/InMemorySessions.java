package dev.perennial.ingress;

import dev.perennial.domain.Secret;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.authorization.CodeRecords;
import dev.perennial.domain.authorization.CodeRecords.Progress;
import dev.perennial.domain.authorization.ConnectSessions;
import dev.perennial.domain.authorization.SessionId;
import dev.perennial.domain.authorization.SessionStatus;
import dev.perennial.domain.authorization.SessionStatus.Track;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Sessions in a map, each good once. */
final class InMemorySessions implements ConnectSessions {
  private final Map<Secret, ConnectSession> sessions = new ConcurrentHashMap<>();
  private final Map<Secret, String> used = new ConcurrentHashMap<>();
  private final Map<SessionId, Track> tracks = new ConcurrentHashMap<>();
  private final CodeRecords codes;
  volatile boolean down;

  InMemorySessions(CodeRecords codes) {
    this.codes = codes;
  }

  @Override
  public void add(Secret session, ConnectSession what, Instant from, Duration valid) {
    sessions.put(session, what);
    tracks.put(SessionId.of(session), new Track(what.key(), from.plus(valid), null, null, false));
  }

  @Override
  public Optional<ConnectSession> find(Secret session) {
    return used.containsKey(session)
        ? Optional.empty()
        : Optional.ofNullable(sessions.get(session));
  }

  @Override
  public void begun(Secret session, String authorization, Instant answerBy) {
    note(session, authorization, answerBy, false);
  }

  @Override
  public void failed(Secret session, String authorization) {
    note(session, authorization, null, false);
  }

  @Override
  public boolean redeem(Secret session, String authorization) {
    String first = used.putIfAbsent(session, authorization);
    boolean ours = first == null || first.equals(authorization);
    if (ours) {
      note(session, authorization, null, true);
    }
    return ours;
  }

  private void note(
      Secret session, String authorization, @Nullable Instant answerBy, boolean redeemed) {
    tracks.computeIfPresent(
        SessionId.of(session),
        (_, track) ->
            track.used()
                ? track
                : new Track(
                    track.key(),
                    track.expiresAt(),
                    authorization,
                    answerBy == null ? track.answerBy() : answerBy,
                    redeemed));
  }

  @Override
  public Optional<SessionStatus> status(SessionId id, Instant now) {
    if (down) {
      throw new UnavailableException("Redis at test:6379 does not answer");
    }
    return Optional.ofNullable(tracks.get(id))
        .map(track -> SessionStatus.of(track, progress(track), now));
  }

  private Progress progress(Track track) {
    String authorization = track.authorization();
    return authorization == null
        ? new Progress.Pending()
        : codes.progress(track.key(), authorization);
  }
}
