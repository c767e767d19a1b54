package dev.perennial.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.perennial.credentials.SealedItem.Place;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer;
import dev.perennial.domain.Sealer.UnsealableException;
import dev.perennial.domain.Shards;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.EventPublisher;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals anew what stands in Redis, while everybody works: each step is one script that compares
 * what was read. What is published becomes a new version and is published, in the order of every
 * other writer: script, publication, mark. Any number of these may run at once. Thread-safe.
 */
public final class Resealing {
  private static final Logger LOG = LoggerFactory.getLogger(Resealing.class);

  /** What became of one item. */
  public enum Outcome {
    /** It is sealed with the key that seals now. */
    RESEALED,
    /** Something else stands there meanwhile; the next look sees what. */
    CHANGED,
    /** No key of the ring opens it. */
    UNOPENABLE
  }

  private final RedisConnections redis;
  private final Keys keys;
  private final ConnectionScripts scripts;
  private final EventPublisher publisher;
  private final Sealer sealer;

  /**
   * @param sealer opens what was sealed before, and seals with the key that is to be used
   */
  public Resealing(RedisConnections redis, Shards shards, EventPublisher publisher, Sealer sealer) {
    this.redis = redis;
    this.keys = new Keys(redis.settings().prefix(), shards);
    this.scripts = new ConnectionScripts(redis, keys);
    this.publisher = publisher;
    this.sealer = sealer;
  }

  /**
   * Seals some items anew.
   *
   * @return what became of each, in their order
   * @throws dev.perennial.domain.NotReadyException where a shard waits to be healed
   * @throws dev.perennial.domain.UnavailableException where Redis or Kafka does not answer; what
   *     was not published is in the outbox
   */
  public List<Outcome> reseal(List<SealedItem> items) {
    List<Outcome> outcomes = new ArrayList<>();
    List<CredentialState> said = new ArrayList<>();
    for (SealedItem item : items) {
      outcomes.add(anew(item).map(sealed -> reseal(item, sealed, said)).orElse(Outcome.UNOPENABLE));
    }
    publish(said);
    return outcomes;
  }

  private Optional<Sealed> anew(SealedItem item) {
    try {
      byte[] plain = sealer.open(item.key(), item.kind().purpose(), item.sealed());
      return Optional.of(sealer.seal(item.key(), item.kind().purpose(), plain));
    } catch (UnsealableException e) {
      LOG.atWarn()
          .addKeyValue("integration", item.key().integration())
          .addKeyValue("connection", item.key().connection())
          .log("{}", e.getMessage());
      return Optional.empty();
    }
  }

  private Outcome reseal(SealedItem item, Sealed anew, List<CredentialState> said) {
    return switch (item.place()) {
      case Place.Published at -> published(item, at, anew, said);
      case Place.Field(String hash, String field) ->
          outcome(
              redis.run(
                  Script.RESEAL_FIELD,
                  Arguments.keys(hash),
                  new Arguments().text(field).sealed(item.sealed()).sealed(anew).list()));
      case Place.Text(String name, String was) ->
          outcome(
              redis.run(
                  Script.RESEAL_TEXT,
                  Arguments.keys(name),
                  List.of(was.getBytes(UTF_8), text(item.key(), anew))));
    };
  }

  private static byte[] text(ConnectionKey key, Sealed sealed) {
    return (key + "\n" + Base64.getEncoder().encodeToString(sealed.bytes())).getBytes(UTF_8);
  }

  private static Outcome outcome(Reply reply) {
    return reply.verdict().equals("resealed") ? Outcome.RESEALED : Outcome.CHANGED;
  }

  private Outcome published(
      SealedItem item, Place.Published at, Sealed anew, List<CredentialState> said) {
    Reply reply = scripts.run(Script.RESEAL, item.key(), compared(item, at).sealed(anew));
    return switch (reply.verdict()) {
      case "resealed" -> {
        said.add(reply.state(1, item.key()));
        yield Outcome.RESEALED;
      }
      case "unpublished" -> { // what is to be said first is said now, and this at the next look
        said.add(reply.state(1, item.key()));
        yield Outcome.CHANGED;
      }
      case "changed", "missing" -> Outcome.CHANGED;
      default -> throw ConnectionScripts.unknown(Script.RESEAL, reply);
    };
  }

  private Arguments compared(SealedItem item, Place.Published at) {
    return scripts
        .arguments(item.key())
        .number(at.grant())
        .number(at.tokenGen())
        .number(at.version())
        .sealed(item.sealed());
  }

  /**
   * Gives up a connection whose tokens nobody can open any more: only a new consent helps.
   *
   * @param detail why, for people
   * @return whether it was given up now; not where something else stands there meanwhile
   */
  public boolean giveUp(SealedItem item, String detail) {
    if (!(item.place() instanceof Place.Published at)) {
      return false;
    }
    Reason reason = new Reason(Reason.KEY_LOST, detail);
    Arguments arguments = compared(item, at).text(reason.code()).text(reason.detail());
    Reply reply = scripts.run(Script.LOSE, item.key(), arguments);
    return switch (reply.verdict()) {
      case "lost" -> {
        publish(List.of(reply.state(1, item.key())));
        yield true;
      }
      case "changed", "missing", "ignored" -> false;
      default -> throw ConnectionScripts.unknown(Script.LOSE, reply);
    };
  }

  private void publish(List<CredentialState> said) {
    publisher.publishAll(said.stream().map(Event.CredentialUpdated::new).toList());
    scripts.runAll(
        Script.PUBLISHED,
        said.stream().map(CredentialState::key).toList(),
        said.stream().map(this::mark).toList());
  }

  private Arguments mark(CredentialState state) {
    return scripts.arguments(state.key()).number(state.grant()).number(state.version());
  }
}
