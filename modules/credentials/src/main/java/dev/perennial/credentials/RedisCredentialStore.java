package dev.perennial.credentials;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Shards;
import dev.perennial.domain.credential.Begin;
import dev.perennial.domain.credential.Commit;
import dev.perennial.domain.credential.ConnectionSearch;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.CredentialStore;
import dev.perennial.domain.credential.Failure;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.Put;
import dev.perennial.domain.credential.PutCondition;
import dev.perennial.domain.definition.ReuseWindow;
import dev.perennial.domain.refresh.AttemptTimes;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The credentials in Redis. Thread-safe. */
public final class RedisCredentialStore implements CredentialStore {
  private static final int PAGE = 500;
  private static final int SWEEP = 200;

  /** Found in one round trip: enough to make it cheap, few enough not to hold up Redis. */
  private static final int TOGETHER = 250;

  private final RedisConnections redis;
  private final Keys keys;
  private final ConnectionScripts scripts;
  private final AttemptTimes times;

  public RedisCredentialStore(RedisConnections redis, Shards shards, AttemptTimes times) {
    this.redis = redis;
    this.keys = new Keys(redis.settings().prefix(), shards);
    this.scripts = new ConnectionScripts(redis, keys);
    this.times = times;
  }

  @Override
  public Begin begin(ConnectionKey key, long version, String attempt, ReuseWindow declared) {
    // A window too short for a lease and a second call is no window.
    ReuseWindow reuse = times.fits(declared) ? declared : ReuseWindow.NONE;
    Reply reply =
        scripts.run(
            Script.BEGIN,
            key,
            scripts
                .arguments(key)
                .number(version)
                .text(attempt)
                .millis(times.leaseWithin(reuse))
                .millis(times.reemit())
                .text(reuse(reuse))
                .millis(times.delivery()));
    return switch (reply.verdict()) {
      case "begun" -> new Begin.Begun(attempt(reply));
      case "stale" -> new Begin.Stale();
      case "behind" -> new Begin.Behind();
      case "not_yet" -> new Begin.NotYet(reply.instant(1));
      case "busy" -> new Begin.Busy(reply.instant(1));
      case "unknown" -> new Begin.Unknown(reply.instant(1));
      case "unpublished" -> new Begin.Unpublished(reply.state(1, key));
      case "missing" -> new Begin.Missing();
      case "deleted" -> new Begin.Deleted();
      default -> throw ConnectionScripts.unknown(Script.BEGIN, reply);
    };
  }

  private static Begin.Attempt attempt(Reply reply) {
    return new Begin.Attempt(
        reply.text(1),
        (int) reply.number(2),
        reply.number(3),
        reply.number(4),
        reply.sealed(5),
        (int) reply.number(6),
        reply.instant(7),
        reply.number(8) == 1);
  }

  /** A window is counted to the last moment at which a repetition may still be written. */
  private String reuse(ReuseWindow reuse) {
    if (reuse.always()) {
      return "always";
    }
    return reuse.length().isZero()
        ? "never"
        : Long.toString(reuse.length().minus(times.deadline()).toMillis());
  }

  @Override
  public Commit commit(
      ConnectionKey key,
      Begin.Attempt attempt,
      boolean last,
      IssuedTokens tokens,
      @Nullable Failure incomplete) {
    return commit(
        scripts,
        Script.COMMIT,
        key,
        scripts
            .arguments(key)
            .text(attempt.id())
            .number(attempt.stage())
            .flag(last)
            .number(attempt.grant())
            .number(attempt.tokenGen())
            .tokens(tokens)
            .millis(times.lease())
            .millis(times.reemit())
            .incomplete(incomplete));
  }

  static Commit commit(
      ConnectionScripts scripts, Script script, ConnectionKey key, Arguments arguments) {
    Reply reply = scripts.run(script, key, arguments);
    return switch (reply.verdict()) {
      case "committed" -> new Commit.Committed(optionalState(reply, key));
      case "already" -> new Commit.Already(reply.state(1, key));
      case "superseded" -> new Commit.Superseded();
      case "deleted" -> new Commit.Deleted();
      case "missing" -> new Commit.Missing();
      default -> throw ConnectionScripts.unknown(script, reply);
    };
  }

  @Override
  public Optional<CredentialState> fail(ConnectionKey key, Begin.Attempt attempt, Failure failure) {
    Reply reply =
        scripts.run(
            Script.FAIL,
            key,
            scripts
                .arguments(key)
                .text(attempt.id())
                .number(attempt.grant())
                .number(attempt.tokenGen())
                .flag(attempt.probe())
                .text(failure.kind().text())
                .millis(failure.retryIn())
                .text(failure.reason().code())
                .text(failure.reason().detail())
                .sealed(failure.body()));
    return optionalState(reply, key);
  }

  @Override
  public Put put(ConnectionKey key, long grant, String authorization, IssuedTokens tokens) {
    return put(scripts, Script.PUT, key, grant, authorization, tokens);
  }

  @Override
  public Optional<Put> put(
      ConnectionKey key,
      long grant,
      String authorization,
      IssuedTokens tokens,
      PutCondition condition) {
    Arguments arguments = putArguments(scripts, key, grant, authorization, tokens);
    Arguments conditional =
        switch (condition) {
          case PutCondition.Absent _ -> arguments.number(0).number(0);
          case PutCondition.Exactly(long over, long version) ->
              arguments.number(over).number(version);
        };
    Reply reply = scripts.run(Script.PUT, key, conditional);
    return reply.verdict().equals("changed")
        ? Optional.empty()
        : Optional.of(put(Script.PUT, key, reply));
  }

  /** Whatever stands there. */
  static Put put(
      ConnectionScripts scripts,
      Script script,
      ConnectionKey key,
      long grant,
      String authorization,
      IssuedTokens tokens) {
    Arguments arguments = putArguments(scripts, key, grant, authorization, tokens);
    return put(script, key, scripts.run(script, key, arguments.text(null).text(null)));
  }

  private static Arguments putArguments(
      ConnectionScripts scripts,
      ConnectionKey key,
      long grant,
      String authorization,
      IssuedTokens tokens) {
    return scripts.arguments(key).number(grant).text(authorization).tokens(tokens);
  }

  private static Put put(Script script, ConnectionKey key, Reply reply) {
    return switch (reply.verdict()) {
      case "stored" -> new Put.Stored(reply.state(1, key));
      case "already" -> new Put.Already(reply.state(1, key));
      case "superseded" -> new Put.Superseded();
      default -> throw ConnectionScripts.unknown(script, reply);
    };
  }

  @Override
  public Optional<CredentialState> expire(ConnectionKey key, long grant, long version) {
    return optionalState(
        scripts.run(Script.EXPIRE, key, scripts.arguments(key).number(grant).number(version)), key);
  }

  @Override
  public Optional<CredentialState> delete(ConnectionKey key, long grant) {
    return optionalState(
        scripts.run(Script.DELETE, key, scripts.arguments(key).number(grant)), key);
  }

  @Override
  public void published(ConnectionKey key, long grant, long version) {
    scripts.run(Script.PUBLISHED, key, scripts.arguments(key).number(grant).number(version));
  }

  @Override
  public void postpone(ConnectionKey key, long version, Duration delay) {
    scripts.run(Script.POSTPONE, key, scripts.arguments(key).number(version).millis(delay));
  }

  @Override
  public Optional<CredentialState> find(ConnectionKey key) {
    return optionalState(scripts.run(Script.FIND, key, scripts.arguments(key)), key);
  }

  @Override
  public Map<ConnectionKey, CredentialState> find(Collection<ConnectionKey> wanted) {
    List<ConnectionKey> all = List.copyOf(new LinkedHashSet<>(wanted));
    Map<ConnectionKey, CredentialState> found = new LinkedHashMap<>();
    for (int from = 0; from < all.size(); from += TOGETHER) {
      List<ConnectionKey> some = all.subList(from, Math.min(from + TOGETHER, all.size()));
      List<Reply> replies = scripts.runAll(Script.FIND, some);
      for (int i = 0; i < some.size(); i++) {
        ConnectionKey key = some.get(i);
        optionalState(replies.get(i), key).ifPresent(state -> found.put(key, state));
      }
    }
    return found;
  }

  @Override
  public Page list(@Nullable String cursor) {
    KeyScan.Page found = new KeyScan(redis, keys.connections(), PAGE).page(cursor);
    Map<ConnectionKey, CredentialState> states =
        find(found.keys().stream().map(keys::connectionOf).toList());
    return new Page(List.copyOf(states.values()), found.next());
  }

  @Override
  public Page search(ConnectionSearch search, @Nullable String cursor, int wanted) {
    return new ConnectionScan(redis, keys, this::find, search).page(cursor, wanted);
  }

  @Override
  public List<CredentialState> unpublished(int shard, Duration olderThan) {
    Reply names =
        scripts.run(
            Script.UNPUBLISHED, shard, scripts.arguments(shard).millis(olderThan).number(SWEEP));
    return List.copyOf(find(names.texts().map(ConnectionKey::parse).toList()).values());
  }

  private static Optional<CredentialState> optionalState(Reply reply, ConnectionKey key) {
    return reply.has(1) ? Optional.of(reply.state(1, key)) : Optional.empty();
  }
}
