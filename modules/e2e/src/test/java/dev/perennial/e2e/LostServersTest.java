package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.role.Node;
import dev.perennial.app.role.Reconsent;
import dev.perennial.app.role.Republish;
import dev.perennial.app.role.Reshard;
import dev.perennial.app.role.Reshard.Step;
import dev.perennial.app.role.Restore;
import dev.perennial.app.role.Role;
import dev.perennial.devstack.EmbeddedKafka;
import dev.perennial.devstack.EmbeddedRedis;
import dev.perennial.devstack.provider.ProviderProfile;
import dev.perennial.devstack.provider.ProviderSimulator;
import dev.perennial.devstack.provider.Use;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import dev.perennial.prove.guarantee.Disturbance;
import dev.perennial.prove.witness.LedgerWitness;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** The procedures of docs/operations.md, step by step, judged by the provider's ledger. */
class LostServersTest {
  private static final Set<Role> ALL = EnumSet.allOf(Role.class);
  private static final ConnectionKey ONE = ConnectionKey.parse("strict/one");
  private static final ConnectionKey OTHER = ConnectionKey.parse("other/two");
  private static final List<ConnectionKey> BOTH = List.of(ONE, OTHER);

  private final ProviderSimulator simulator =
      ProviderSimulator.start(profile("strict"), profile("other"));

  /** What a move has said last of each of its steps. */
  private final Map<Step, Long> far = new EnumMap<>(Step.class);

  private static ProviderProfile profile(String name) {
    return ProviderProfile.named(name)
        .client(name + "-client", name + "-secret-4d1e")
        .accessTokenLife(Duration.ofSeconds(40))
        .build();
  }

  @AfterEach
  void close() {
    simulator.close();
  }

  @Test
  void aLostKafka() {
    try (EmbeddedRedis redis = EmbeddedRedis.startTemporary()) {
      Installed before;
      try (EmbeddedKafka kafka = EmbeddedKafka.startTemporary()) {
        before = lived(new EmbeddedServers(kafka, redis));
      }
      try (EmbeddedKafka another = EmbeddedKafka.startTemporary();
          // perennial topics
          Installed after = on(new EmbeddedServers(another, redis)).asBefore(before).build()) {
        assertThat(Republish.run(after.config(), true, seen -> {}, () -> false).connections())
            .isEqualTo(2);
        assertThat(after.witness().states(ONE)).isEmpty();

        // perennial republish
        Republish.Outcome said = Republish.run(after.config(), false, seen -> {}, () -> false);

        assertThat(said).isEqualTo(new Republish.Outcome(2, true));
        BOTH.forEach(key -> after.witness().await(key, state -> state.equals(last(before, key))));
        after.node(ALL);
        BOTH.forEach(key -> after.witness().await(key, newerThan(before, key)));
        after.disturbed(away(before));
        after.over();
      }
      assertThat(refused()).isEmpty();
    }
  }

  @Test
  void aMirrorOfKafkaIsVerified() {
    try (EmbeddedKafka mirror = EmbeddedKafka.startTemporary()) {
      Installed before;
      try (EmbeddedRedis redis = EmbeddedRedis.startTemporary()) {
        before = lived(new EmbeddedServers(mirror, redis));
      }
      int sent = new LedgerWitness(simulator.ledger()).uses().size();
      try (EmbeddedRedis empty = EmbeddedRedis.startTemporary();
          Installed after = on(new EmbeddedServers(mirror, empty)).asBefore(before).build()) {
        // perennial restore, perennial republish --dry-run
        Restore.run(after.config(), state -> {}, () -> false);
        assertThat(Republish.run(after.config(), true, seen -> {}, () -> false).connections())
            .isEqualTo(BOTH.size());

        Node node = after.node(EnumSet.of(Role.CREDENTIALS, Role.INGRESS));
        for (ConnectionKey key : BOTH) {
          HttpResponse<String> answer = after.admin(node.adminPort(), "GET", key, "/credentials");
          assertThat(answer.body()).as("the ring fits").contains("\"access_token\"");
        }
        assertThat(new LedgerWitness(simulator.ledger()).uses()).hasSize(sent);
        after.disturbed(away(before));
        after.over();
      }
    }
  }

  @Test
  void bothLostAndAnOldBackupOfRedis(@TempDir Path directory) throws IOException {
    Backup backup = backedUpAndLost(directory);
    try (EmbeddedRedis restored = backup.restored();
        EmbeddedKafka another = EmbeddedKafka.startTemporary()) {
      Servers servers = new EmbeddedServers(another, restored);
      try (Installed after = on(servers).asBefore(backup.before()).build()) {
        after.node(EnumSet.of(Role.CREDENTIALS, Role.INGRESS)); // nothing is refreshed yet
        Republish.run(after.config(), false, seen -> {}, () -> false);
        Await.until("their refreshes fell due", () -> doubtful(after, backup.taken()) == 2);
        assertThat(refused()).isEmpty();

        // perennial connections reconsent --backup-of … --integration strict
        Reconsent.Wanted wanted = new Reconsent.Wanted(backup.taken(), Set.of("strict"), false);
        Reconsent.Outcome asked = Reconsent.run(after.config(), wanted, seen -> {}, () -> false);

        assertThat(asked).isEqualTo(new Reconsent.Outcome(2, 1, 0, true));
        assertThat(whyConsentIsNeeded(after, ONE)).isEqualTo(Reason.OUTCOME_UNKNOWN);
        assertThat(refused()).isEmpty();

        var node = after.node(EnumSet.of(Role.EXCHANGER, Role.SCHEDULER));
        // who was left out is tried, and the provider's refusal is said
        assertThat(whyConsentIsNeeded(after, OTHER)).isEqualTo(Reason.REFUSED);
        assertThat(refused()).extracting(Use::provider).containsExactly("other");
        assertThat(node.ready()).isTrue();
        after.disturbed(away(backup.before()));
        after.over();
      }
    }
  }

  /** A copy of Redis, and refreshes after it was taken; then Kafka and Redis are gone. */
  private Backup backedUpAndLost(Path directory) throws IOException {
    try (EmbeddedRedis redis = EmbeddedRedis.startTemporary();
        EmbeddedKafka kafka = EmbeddedKafka.startTemporary();
        Installed running = on(new EmbeddedServers(kafka, redis)).build()) {
      connect(running);
      Backup backup = Backup.of(running, redis, directory);
      BOTH.forEach(
          key -> running.witness().await(key, it -> it.changedAt().isAfter(backup.taken())));
      return backup;
    }
  }

  private static String whyConsentIsNeeded(Installed installed, ConnectionKey key) {
    CredentialState state =
        installed
            .witness()
            .await(key, it -> it.status() == Status.REAUTHORIZATION_REQUIRED)
            .state();
    return Objects.requireNonNull(state.reason()).code();
  }

  @Test
  void moreShards() {
    try (EmbeddedRedis redis = EmbeddedRedis.startTemporary();
        EmbeddedKafka kafka = EmbeddedKafka.startTemporary()) {
      Servers servers = new EmbeddedServers(kafka, redis);
      Installed before;
      try (Installed running = on(servers).build()) {
        before = running;
        connect(running);
        try (Installed unused = wider(servers, running).build()) {
          Reshard.Outcome refused = reshard(running, unused, false);
          assertThat(refused.problems())
              .hasSize(3)
              .allMatch(it -> it.matches("1 processes run the role \\w+: stop them first"));
        }
      }
      try (Installed after = wider(servers, before).build()) {
        assertThat(reshard(before, after, true)).isEqualTo(moved());
        assertThat(far).containsOnlyKeys(Step.READ, Step.CHECKED, Step.COUNTED);
        assertThat(after.witness().states(ONE)).isEmpty();
        assertThat(reshard(before, before, false).problems()).hasSize(2);

        // perennial reshard --shards 8 --topics-prefix … --redis-prefix …
        assertThat(reshard(before, after, false)).isEqualTo(moved());
        assertThat(far)
            .containsOnlyKeys(Step.READ, Step.CHECKED, Step.COPIED, Step.RESTORED)
            .containsEntry(Step.CHECKED, 2L)
            .containsEntry(Step.COPIED, 2L)
            .containsEntry(Step.RESTORED, 2L)
            .hasEntrySatisfying(Step.READ, it -> assertThat(it).isGreaterThanOrEqualTo(2));

        BOTH.forEach(key -> after.witness().await(key, state -> state.equals(last(before, key))));
        after.node(ALL);
        BOTH.forEach(key -> after.witness().await(key, newerThan(before, key)));
        after.disturbed(away(before));
        after.over();
      }
      assertThat(refused()).isEmpty();
    }
  }

  private static Reshard.Outcome moved() {
    return new Reshard.Outcome(2, List.of(), true);
  }

  private Reshard.Outcome reshard(Installed from, Installed to, boolean dryRun) {
    far.clear();
    return Reshard.run(from.config(), to.config(), dryRun, far::put, () -> false);
  }

  private Installed.Builder wider(Servers servers, Installed before) {
    String prefix = before.config().topics().prefix() + "-2";
    return on(servers)
        .asBefore(before)
        .flag("shards", "8")
        .flag("topics.prefix", prefix)
        .flag("redis.prefix", prefix);
  }

  /** Connected, refreshed, and stopped. */
  private Installed lived(Servers servers) {
    try (Installed installed = on(servers).build()) {
      connect(installed);
      return installed;
    }
  }

  private static void connect(Installed installed) {
    int port = installed.node(ALL).adminPort();
    try (Browser browser = new Browser()) {
      BOTH.forEach(key -> browser.open(installed.connectLink(port, key)));
    }
    BOTH.forEach(key -> installed.witness().await(key, Change.REFRESHED, 1));
  }

  /** Nothing was refreshed meanwhile. */
  private static Disturbance away(Installed before) {
    Instant since = last(before, ONE).changedAt();
    return new Disturbance(Disturbance.Kind.KAFKA, "", since, Instant.now());
  }

  private static CredentialState last(Installed installed, ConnectionKey key) {
    return installed.witness().states(key).getLast();
  }

  private static Predicate<CredentialState> newerThan(Installed before, ConnectionKey key) {
    CredentialState last = last(before, key);
    return state ->
        state.change() == Change.REFRESHED
            && state.grant() == last.grant()
            && state.tokenGen() > last.tokenGen()
            && state.version() > last.version();
  }

  private static long doubtful(Installed installed, Instant taken) {
    Reconsent.Wanted wanted = new Reconsent.Wanted(taken, Set.of(), true);
    return Reconsent.run(installed.config(), wanted, seen -> {}, () -> false).doubtful();
  }

  private Installed.Builder on(Servers servers) {
    Installed.Builder builder =
        Installed.on(servers).flag("refresh.share", "0.05"); // every two seconds
    for (String slug : List.of("strict", "other")) {
      String variable = "PERENNIAL_" + slug.toUpperCase(Locale.ROOT);
      builder
          .definition(slug, Definitions.of(simulator.provider(slug)))
          .variable(variable + "_CLIENT_ID", slug + "-client")
          .variable(variable + "_CLIENT_SECRET", slug + "-secret-4d1e");
    }
    return builder;
  }

  /** Refresh tokens that the provider took for spent. */
  private List<Use> refused() {
    return new LedgerWitness(simulator.ledger())
        .uses().stream()
            .filter(use -> use.kind() == Use.Kind.REFRESH_TOKEN)
            .filter(use -> use.outcome() == Use.Outcome.REFUSED)
            .toList();
  }

  /**
   * A snapshot of Redis.
   *
   * @param before whose it is
   * @param directory that holds it, under the name that Redis looks for
   */
  private record Backup(Installed before, Path directory, Instant taken) {
    static Backup of(Installed installed, EmbeddedRedis redis, Path directory) throws IOException {
      try (Jedis client = new Jedis(redis.uri())) {
        client.save();
        String data = Objects.requireNonNull(client.configGet("dir").get("dir"));
        Files.copy(Path.of(data, "dump.rdb"), directory.resolve("dump.rdb"));
        return new Backup(installed, directory, Instant.now());
      }
    }

    EmbeddedRedis restored() {
      EmbeddedRedis redis =
          EmbeddedRedis.startTemporary("--appendonly", "no", "--dir", directory.toString());
      try (Jedis client = new Jedis(redis.uri())) {
        client.configSet("appendonly", "yes");
      }
      return redis;
    }
  }
}
