package dev.perennial.app.role;

import dev.perennial.app.config.PerennialConfig;
import dev.perennial.credentials.RedisAttempts;
import dev.perennial.credentials.ShardOwner;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.CredentialStore;
import dev.perennial.stream.TopicAdmin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Moves every connection of an installation whose roles are stopped to another one beside it: more
 * shards, other prefixes, other servers. Grant, version, token_gen, times and seals stay, so
 * pipelines order what they read on both topics; no key is needed. The old one is left as it is.
 */
public final class Reshard {
  private static final Duration LIMIT = Duration.ofSeconds(15);
  private static final int MOST_NAMED = 20;

  private Reshard() {}

  /** What is done one after the other, by what is counted meanwhile. */
  public enum Step {
    /** Of the old topic, until the old Redis holds everything and nothing waits. */
    READ("records read"),
    CHECKED("connections checked"),
    /** In place of the rest, with a dry run. */
    COUNTED("connections counted"),
    COPIED("connections copied"),
    /** In the new Redis, from the new topic. */
    RESTORED("connections restored");

    private final String text;

    Step(String text) {
      this.text = text;
    }

    /** For a line that says how far it is. */
    public String text() {
      return text;
    }
  }

  /** Hears again and again how far it has come. */
  @FunctionalInterface
  public interface Progress {
    /**
     * @param count of what this step counts, so far
     */
    void at(Step step, long count);
  }

  /**
   * What came of it.
   *
   * @param connections that are in the new installation, or with a dry run would be
   * @param problems why nothing was moved; empty where it was
   * @param whole whether it came to its end
   */
  public record Outcome(long connections, List<String> problems, boolean whole) {}

  /**
   * Brings the old installation to rest, checks it, copies, and builds the new Redis.
   *
   * @param dryRun everything but the copying
   * @param stop asked again and again
   * @throws StartProblems where one of the two is not set up as it must be
   * @throws dev.perennial.domain.UnavailableException where Redis or Kafka does not answer
   */
  public static Outcome run(
      PerennialConfig from,
      PerennialConfig to,
      boolean dryRun,
      Progress progress,
      BooleanSupplier stop) {
    List<String> problems = new ArrayList<>(same(from, to));
    try (Foundation old = Keyless.on(from)) {
      StartGate.check(old);
      problems.addAll(running(old));
      if (problems.isEmpty()) {
        rest(old, progress, stop);
        problems.addAll(unsettled(old, progress, stop));
      }
      if (!problems.isEmpty() || stop.getAsBoolean()) {
        return new Outcome(0, problems, false);
      }
      return dryRun
          ? counted(Republish.all(old.store, event -> {}, n -> progress.at(Step.COUNTED, n), stop))
          : copied(old, to, progress, stop);
    }
  }

  private static Outcome counted(Republish.Outcome outcome) {
    return new Outcome(outcome.connections(), List.of(), outcome.whole());
  }

  private static List<String> same(PerennialConfig from, PerennialConfig to) {
    List<String> problems = new ArrayList<>();
    if (from.topics().prefix().equals(to.topics().prefix())
        && from.kafka().bootstrapServers().equals(to.kafka().bootstrapServers())) {
      problems.add(
          "the new installation has the topics of the old one: give it another --topics-prefix");
    }
    if (from.redis().prefix().equals(to.redis().prefix())
        && from.redis().uri().reveal().equals(to.redis().uri().reveal())) {
      problems.add(
          "the new installation has the keys of the old one: give it another --redis-prefix");
    }
    return problems;
  }

  private static List<String> running(Foundation old) {
    TopicAdmin kafka = new TopicAdmin(old.kafka, LIMIT);
    List<String> problems = new ArrayList<>();
    groups(old)
        .forEach((role, group) -> {
          int members = kafka.members(group);
          if (members > 0) {
            problems.add(members + " processes run the role " + role.text() + ": stop them first");
          }
        });
    String codes = old.topics.codeReceived();
    long waiting = kafka.behind(old.exchangers(codes), codes);
    if (waiting > 0) {
      problems.add(
          waiting
              + " records of "
              + codes
              + " wait for an exchanger: stop ingress first, and the exchangers once there are"
              + " none");
    }
    return problems;
  }

  /** In which all processes of a role are that have one. */
  private static Map<Role, String> groups(Foundation old) {
    Map<Role, String> groups = new EnumMap<>(Role.class);
    groups.put(Role.EXCHANGER, old.exchangers(old.topics.refreshDue()));
    groups.put(Role.SCHEDULER, old.group(Role.SCHEDULER));
    groups.put(Role.CREDENTIALS, old.group(Role.CREDENTIALS));
    return groups;
  }

  /** As the owner of every shard: topic and journal are applied, the outbox is said. */
  private static void rest(Foundation old, Progress progress, BooleanSupplier stop) {
    try (ShardOwners owners = new ShardOwners(old)) {
      List<ShardOwner> all = IntStream.range(0, old.shards.count()).mapToObj(owners::of).toList();
      boolean more = true;
      while (more && !stop.getAsBoolean()) {
        more = false;
        for (ShardOwner owner : all) {
          more |= owner.turn() || !owner.caughtUp();
          progress.at(Step.READ, all.stream().mapToLong(ShardOwner::read).sum());
        }
      }
    }
  }

  /** An attempt that nobody has reported of must keep what the old Redis knows of it. */
  private static List<String> unsettled(Foundation old, Progress progress, BooleanSupplier stop) {
    RedisAttempts attempts = new RedisAttempts(old.redis, old.shards);
    List<ConnectionKey> found = new ArrayList<>();
    long seen = 0;
    String cursor = null;
    do {
      CredentialStore.Page page = old.store.list(cursor);
      List<ConnectionKey> keys = page.states().stream().map(CredentialState::key).toList();
      found.addAll(attempts.unsettled(keys));
      seen += keys.size();
      progress.at(Step.CHECKED, seen);
      cursor = page.next();
    } while (cursor != null && !stop.getAsBoolean());
    return found.isEmpty() ? List.of() : List.of(words(found));
  }

  private static String words(List<ConnectionKey> found) {
    return found.size()
        + " connections are in the middle of an attempt, or wait with an answer that could not be"
        + " read: let the old roles run until they are settled, or delete or reconnect them ("
        + String.join(", ", found.stream().limit(MOST_NAMED).map(String::valueOf).toList())
        + (found.size() > MOST_NAMED ? ", …)" : ")");
  }

  private static Outcome copied(
      Foundation old, PerennialConfig to, Progress progress, BooleanSupplier stop) {
    Setup.topics(to);
    Republish.Outcome said;
    try (Foundation fresh = Keyless.on(to)) {
      StartGate.check(fresh);
      said = Republish.all(old.store, fresh.publisher, n -> progress.at(Step.COPIED, n), stop);
    }
    boolean whole =
        said.whole() && Restore.run(to, state -> progress.at(Step.RESTORED, state.applied()), stop);
    return new Outcome(said.connections(), List.of(), whole);
  }
}
