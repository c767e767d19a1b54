package dev.perennial.credentials;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Shards;
import dev.perennial.domain.authorization.CodeRecords;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.event.Event.CodeReceived;
import dev.perennial.domain.refresh.AttemptTimes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The begin records of authorization codes in Redis. Thread-safe. */
public final class RedisCodeRecords implements CodeRecords {
  /** Longer than a code's event can be delivered again. */
  static final Duration KEEP = Duration.ofDays(1);

  private static final int SWEEP = 200;

  private final RedisConnections redis;
  private final Keys keys;
  private final ConnectionScripts scripts;
  private final AttemptTimes times;

  public RedisCodeRecords(RedisConnections redis, Shards shards, AttemptTimes times) {
    this.redis = redis;
    this.keys = new Keys(redis.settings().prefix(), shards);
    this.scripts = new ConnectionScripts(redis, keys);
    this.times = times;
  }

  @Override
  public CodeBegin begin(CodeReceived code, String attempt) {
    Reply reply =
        scripts.run(
            Script.CODE_BEGIN,
            code.key(),
            scripts
                .arguments(code.key())
                .text(code.authorization())
                .text(attempt)
                .millis(times.lease())
                .millis(KEEP)
                .text(code.healing())
                .number(code.grant()));
    return switch (reply.verdict()) {
      case "begun" ->
          new CodeBegin.Begun(
              reply.instant(1),
              attempt,
              (int) reply.number(2),
              reply.has(3) ? reply.sealed(3) : null);
      case "in_flight" -> new CodeBegin.InFlight();
      case "connected" -> new CodeBegin.Connected();
      case "failed" -> new CodeBegin.Failed(Objects.requireNonNull(reply.reason(1)));
      case "lost" -> new CodeBegin.Lost();
      default -> throw ConnectionScripts.unknown(Script.CODE_BEGIN, reply);
    };
  }

  @Override
  public boolean advance(
      ConnectionKey key, String authorization, String attempt, int stage, @Nullable Sealed staged) {
    Reply reply =
        scripts.run(
            Script.CODE_ADVANCE,
            key,
            scripts
                .arguments(key)
                .text(authorization)
                .text(attempt)
                .millis(times.lease())
                .number(stage)
                .sealed(staged));
    return switch (reply.verdict()) {
      case "advanced", "missing" -> true;
      case "ignored" -> false;
      default -> throw ConnectionScripts.unknown(Script.CODE_ADVANCE, reply);
    };
  }

  @Override
  public void fail(ConnectionKey key, String authorization, Reason reason) {
    fail(scripts, Script.CODE_FAIL, key, authorization, reason);
  }

  static void fail(
      ConnectionScripts scripts,
      Script script,
      ConnectionKey key,
      String authorization,
      Reason reason) {
    scripts.run(
        script,
        key,
        scripts
            .arguments(key)
            .text(authorization)
            .text(reason.code())
            .text(reason.detail())
            .millis(KEEP));
  }

  @Override
  public Progress progress(ConnectionKey key, String authorization) {
    return progress(redis, keys.code(key, authorization));
  }

  static Progress progress(RedisConnections redis, String record) {
    List<String> fields =
        redis.call(client -> client.hmget(record, "state", "reason", "reason_detail"));
    String state = Objects.requireNonNullElse(fields.get(0), "");
    return switch (state) {
      case "connected" -> new Progress.Connected();
      case "failed" -> new Progress.Failed(new Reason(fields.get(1), fields.get(2)));
      default -> new Progress.Pending();
    };
  }

  @Override
  public List<Vanished> vanished(int shard, Instant before) {
    return scripts
        .run(Script.VANISHED, shard, scripts.arguments(shard).instant(before).number(SWEEP))
        .texts()
        .map(RedisCodeRecords::vanished)
        .toList();
  }

  private static Vanished vanished(String entry) {
    int space = entry.indexOf(' ');
    return new Vanished(ConnectionKey.parse(entry.substring(0, space)), entry.substring(space + 1));
  }
}
