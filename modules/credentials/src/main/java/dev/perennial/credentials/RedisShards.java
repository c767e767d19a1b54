package dev.perennial.credentials;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Shards;
import dev.perennial.domain.credential.CredentialState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What Redis knows of a shard as a whole: which Redis was healed, how far topic and journal are
 * applied, whether refreshes are held. For the owner of a shard; two owners at once do no harm, one
 * of them is told that the shard has moved on. Thread-safe.
 */
final class RedisShards {
  private final RedisConnections redis;
  private final Keys keys;
  private final ConnectionScripts scripts;

  RedisShards(RedisConnections redis, Shards shards) {
    this.redis = redis;
    this.keys = new Keys(redis.settings().prefix(), shards);
    this.scripts = new ConnectionScripts(redis, keys);
  }

  /**
   * A look at a shard.
   *
   * @param run names this Redis; another one after each restart and each failover
   * @param now Redis's time
   * @param ready whether this is the Redis that was healed
   * @param topicOffset where applying goes on
   * @param journalOffset where applying goes on
   * @param quarantineUntil until when refreshes are held at least; the epoch where they are not
   * @param journalWanted up to which time the journal is wanted; the epoch where nobody asks
   * @param journalUntil up to which time it is known to be applied
   * @param codes begun codes whose lease has been over for the delivery timeout
   * @param ends connections that are to be looked at for the end of their grant
   */
  record View(
      String run,
      Instant now,
      boolean ready,
      long topicOffset,
      long journalOffset,
      Instant quarantineUntil,
      Instant journalWanted,
      Instant journalUntil,
      long codes,
      long ends) {

    boolean quarantined() {
      return quarantineUntil.isAfter(Instant.EPOCH);
    }

    /** Whether something waits until topic and journal are applied up to now. */
    boolean asks() {
      boolean over = quarantined() && !now.isBefore(quarantineUntil);
      boolean probe = journalWanted.isAfter(journalUntil) && !now.isBefore(journalWanted);
      return over || probe || codes > 0;
    }
  }

  /** Looks, and begins a healing where this is not the Redis that was healed. */
  View attend(int shard, String topicId, String journalId, Duration delivery) {
    Reply reply =
        scripts.run(
            Script.ATTEND,
            shard,
            scripts.arguments(shard).text(topicId).text(journalId).millis(delivery));
    return new View(
        reply.text(0),
        reply.instant(1),
        reply.number(2) == 1,
        reply.number(3),
        reply.number(4),
        reply.instantOrEpoch(5),
        reply.instantOrEpoch(6),
        reply.instantOrEpoch(7),
        reply.number(8),
        reply.number(9));
  }

  /**
   * What came of a stretch of the topic.
   *
   * @param applied records that brought something new
   * @param regressed connections whose last record of the stretch was below what is stored and
   *     published, with its offset
   * @param next the offset that is stored now: not beyond the first of those
   */
  record Healed(long applied, Map<String, Long> regressed, long next) {}

  /** A state and its place on the topic. */
  record Placed(long offset, CredentialState state) {}

  /**
   * Applies a stretch of the topic.
   *
   * @param from the stored offset, as this owner knows it
   * @param next the offset to store, where nothing stands against it
   * @throws MovedException where another owner has applied more, or Redis is another one
   */
  Healed heal(int shard, String run, long from, long next, List<Placed> records) {
    Arguments arguments = scripts.arguments(shard).text("").text(run).number(from).number(next);
    for (Placed placed : records) {
      CredentialState state = placed.state();
      arguments
          .number(placed.offset())
          .text(state.key().toString())
          .number(state.grant())
          .number(state.tokenGen())
          .number(state.version())
          .text(state.status().text())
          .text(state.change().text())
          .text(state.reason() == null ? null : state.reason().code())
          .text(state.reason() == null ? null : state.reason().detail())
          .sealed(state.sealed())
          .instant(state.issuedAt())
          .instant(state.expiresAt())
          .instant(state.nextRefreshAt())
          .text(state.tokenType())
          .text(state.scope())
          .instant(state.changedAt())
          .grantEnd(state.grantEnd())
          .seconds(state.warned());
    }
    Reply reply =
        redis.run(
            Script.HEAL, Arguments.keys(keys.shard(shard), keys.shard(shard)), arguments.list());
    stayed(reply);
    return new Healed(
        reply.number(1),
        reply.nested(2).rows().collect(Collectors.toMap(row -> row.text(0), row -> row.number(1))),
        reply.number(3));
  }

  /**
   * Lets work begin on a healed shard.
   *
   * @param quarantine how long refreshes are held at least; zero = not at all
   */
  void ready(int shard, String run, long topicOffset, Duration quarantine) {
    stayed(
        scripts.run(
            Script.READY,
            shard,
            scripts.arguments(shard).text(run).number(topicOffset).millis(quarantine)));
  }

  /** Notes that everything is applied that was on topic and journal at that time. */
  void settled(int shard, String run, Instant at) {
    stayed(scripts.run(Script.SETTLED, shard, scripts.arguments(shard).text(run).instant(at)));
  }

  /** Notes that the journal is applied and published up to here. */
  void journalApplied(int shard, String run, long from, long next) {
    stayed(
        scripts.run(
            Script.JOURNAL, shard, scripts.arguments(shard).text(run).number(from).number(next)));
  }

  /** Notes the lead times of warnings; where they are others, every end is looked at again. */
  void leads(int shard, List<Duration> leads) {
    scripts.run(Script.LEADS, shard, scripts.arguments(shard).text(leads.toString()));
  }

  /**
   * What a look at the ends of grants came to.
   *
   * @param looked connections that were looked at
   * @param warned new versions that warn, to be published
   */
  record Warned(long looked, List<CredentialState> warned) {}

  /**
   * Looks at the grants whose time to be looked at has come, and gives out the warnings.
   *
   * @param most at most so many
   * @param delivery how long a warning of a lost Redis may still be on its way
   * @param leads rising
   */
  Warned warn(int shard, int most, Duration delivery, List<Duration> leads) {
    Arguments arguments = scripts.arguments(shard).text("").number(most).millis(delivery);
    leads.forEach(arguments::seconds);
    Reply reply =
        redis.run(
            Script.WARN, Arguments.keys(keys.shard(shard), keys.shard(shard)), arguments.list());
    if (!reply.verdict().equals("looked")) { // healed too short a time ago, or not yet
      return new Warned(0, List.of());
    }
    List<CredentialState> warned =
        reply.nested(2).rows().map(row -> row.state(1, ConnectionKey.parse(row.text(0)))).toList();
    return new Warned(reply.number(1), warned);
  }

  /** Lets applying go on elsewhere on either topic. */
  void rewind(int shard, long topicOffset, long journalOffset) {
    scripts.run(
        Script.REWIND, shard, scripts.arguments(shard).number(topicOffset).number(journalOffset));
  }

  private static void stayed(Reply reply) {
    if (reply.verdict().equals("moved")) {
      throw new MovedException();
    }
  }

  /** What this owner knew of the shard is not so any more: look again. */
  static final class MovedException extends RuntimeException {
    MovedException() {
      super("the shard has moved on");
    }
  }
}
