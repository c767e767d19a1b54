package dev.perennial.credentials;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Secret;
import dev.perennial.domain.Shards;
import dev.perennial.domain.authorization.CodeRecords.Progress;
import dev.perennial.domain.authorization.ConnectSessions;
import dev.perennial.domain.authorization.SessionId;
import dev.perennial.domain.authorization.SessionStatus;
import dev.perennial.event.SealedPayloads;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.params.SetParams;

/** Connect sessions in Redis, under their hash. Thread-safe. */
public final class RedisConnectSessions implements ConnectSessions {
  /** Longer than any session is good. */
  private static final Duration USED = Duration.ofDays(8);

  /** How long it stays known how far a session has come, after its last chance to go on. */
  private static final Duration KNOWN = Duration.ofHours(1);

  /** The same of one that was used: as long as the begin record of its code. */
  private static final Duration KNOWN_USED = RedisCodeRecords.KEEP;

  private final RedisConnections redis;
  private final Keys keys;
  private final SealedPayloads payloads;

  public RedisConnectSessions(RedisConnections redis, Shards shards, SealedPayloads payloads) {
    this.redis = redis;
    this.payloads = payloads;
    this.keys = new Keys(redis.settings().prefix(), shards);
  }

  /** Stored as the connection key, a line feed, and the rest sealed and in base64. */
  @Override
  public void add(Secret session, ConnectSession what, Instant from, Duration valid) {
    redis.run(
        Script.SESSION_ADD,
        Arguments.keys(keys.sessionStatus(SessionId.of(session))),
        new Arguments()
            .text(what.key().toString())
            .instant(from.plus(valid))
            .millis(valid.plus(KNOWN))
            .list());
    byte[] sealed = payloads.seal(what).bytes();
    String value = what.key() + "\n" + Base64.getEncoder().encodeToString(sealed);
    var _ =
        redis.call(client ->
            client.set(keys.session(session), value, SetParams.setParams().px(valid.toMillis())));
  }

  @Override
  public Optional<ConnectSession> find(Secret session) {
    String value =
        Objects.requireNonNullElse(redis.call(client -> client.get(keys.session(session))), "");
    if (value.isEmpty() || redis.call(client -> client.exists(keys.usedSession(session)))) {
      return Optional.empty();
    }
    int end = value.indexOf('\n');
    ConnectionKey key = ConnectionKey.parse(value.substring(0, end));
    Sealed sealed = Sealed.of(Base64.getDecoder().decode(value.substring(end + 1)));
    return Optional.of(payloads.openSession(key, sealed));
  }

  @Override
  public boolean redeem(Secret session, String authorization) {
    String first =
        redis.call(client ->
            client.setGet(
                keys.usedSession(session),
                authorization,
                SetParams.setParams().nx().px(USED.toMillis())));
    if (first != null && !first.equals(authorization)) {
      return false;
    }
    note(session, authorization, null, true, KNOWN_USED);
    return true;
  }

  @Override
  public void begun(Secret session, String authorization, Instant answerBy) {
    note(session, authorization, answerBy, false, KNOWN.plus(KNOWN));
  }

  @Override
  public void failed(Secret session, String authorization) {
    note(session, authorization, null, false, KNOWN);
  }

  private void note(
      Secret session,
      String authorization,
      @Nullable Instant answerBy,
      boolean used,
      Duration known) {
    redis.run(
        Script.SESSION_NOTE,
        Arguments.keys(keys.sessionStatus(SessionId.of(session))),
        new Arguments().text(authorization).instant(answerBy).flag(used).millis(known).list());
  }

  @Override
  public Optional<SessionStatus> status(SessionId id, Instant now) {
    List<String> fields =
        redis.call(client ->
            client.hmget(
                keys.sessionStatus(id),
                "connection",
                "expires_at",
                "authorization",
                "answer_by",
                "used"));
    String connection = fields.get(0);
    return connection == null
        ? Optional.empty()
        : Optional.of(status(ConnectionKey.parse(connection), fields, now));
  }

  private SessionStatus status(ConnectionKey key, List<String> fields, Instant now) {
    String authorization = fields.get(2);
    String answerBy = fields.get(3);
    SessionStatus.Track track =
        new SessionStatus.Track(
            key,
            instant(Objects.requireNonNull(fields.get(1))),
            authorization,
            answerBy == null ? null : instant(answerBy),
            fields.get(4) != null);
    return SessionStatus.of(
        track,
        authorization == null
            ? new Progress.Pending()
            : RedisCodeRecords.progress(redis, keys.code(key, authorization)),
        now);
  }

  private static Instant instant(String millis) {
    return Instant.ofEpochMilli(Long.parseLong(millis));
  }
}
