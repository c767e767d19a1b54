package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.role.Reconsent;
import dev.perennial.app.role.Republish;
import dev.perennial.app.role.Reshard;
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
import dev.perennial.prove.witness.LedgerWitness;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** The procedures of docs/operations.md, step by step, judged by the provider's ledger. */
class LostServersTest {
  private static final Set<Role> ALL = EnumSet.allOf(Role.class);
  private static final ConnectionKey ONE = ConnectionKey.parse("strict/one");
  private static final ConnectionKey OTHER = ConnectionKey.parse("other/two");
  private static final List<ConnectionKey> BOTH = List.of(ONE, OTHER);

  private final ProviderSimulator simulator =
      ProviderSimulator.start(profile("strict"), profile("other"));

  private static ProviderProfile profile(String name) {
    return ProviderProfile.named(name)
        .client(name + "-client", name + "-secret-4d1e")
        .accessTokenLife(Duration.ofSeconds(8))
        .build();
  }

  @AfterEach
  void close() {
    simulator.close();
  }

  @Test
  void aLostKafka() {
    try (EmbeddedRedis redis = EmbeddedRedis.startTemporary();
        EmbeddedKafka kafka = EmbeddedKafka.startTemporary()) {
      Installed before = lived(new EmbeddedServers(kafka, redis));
      kafka.close(); // and all of its topics with it
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
        after.over();
      }
      assertThat(refused()).isEmpty();
    }
  }

  @Test
  void bothLostAndAnOldBackupOfRedis() {
    try (EmbeddedRedis redis = EmbeddedRedis.startTemporary();
        EmbeddedKafka kafka = EmbeddedKafka.startTemporary()) {
      Map<String, byte[]> backup;
      Instant taken;
      Installed before;
      try (Installed running = on(new EmbeddedServers(kafka, redis)).build();
          Browser browser = new Browser()) {
        before = running;
        connect(running, browser);
        backup = backup(redis);
        taken = Instant.now();
        BOTH.forEach(key -> running.witness().await(key, Change.REFRESHED, 2));
      }
      kafka.close();
      redis.close();
      try (EmbeddedRedis restored = EmbeddedRedis.startTemporary();
          EmbeddedKafka another = EmbeddedKafka.startTemporary()) {
        restore(restored, backup);
        try (Installed after = on(new EmbeddedServers(another, restored)).asBefore(before).build();
            Browser browser = new Browser()) {
          after.node(EnumSet.of(Role.CREDENTIALS, Role.INGRESS)); // nothing is refreshed yet
          Republish.run(after.config(), false, seen -> {}, () -> false);
          Await.until("their refreshes fell due", () -> doubtful(after, taken, Set.of()) == 2);
          assertThat(refused()).isEmpty();

          // perennial connections reconsent --backup-of … --integration strict
          Reconsent.Outcome asked =
              Reconsent.run(
                  after.config(),
                  new Reconsent.Wanted(taken, Set.of("strict"), false),
                  seen -> {},
                  () -> false);

          assertThat(asked).isEqualTo(new Reconsent.Outcome(2, 1, 0, true));
          CredentialState one =
              after
                  .witness()
                  .await(ONE, it -> it.status() == Status.REAUTHORIZATION_REQUIRED)
                  .state();
          assertThat(Objects.requireNonNull(one.reason()).code()).isEqualTo(Reason.OUTCOME_UNKNOWN);

          var node = after.node(EnumSet.of(Role.EXCHANGER, Role.SCHEDULER));
          // who was left out is tried, and the provider's refusal is said
          CredentialState other =
              after
                  .witness()
                  .await(OTHER, it -> it.status() == Status.REAUTHORIZATION_REQUIRED)
                  .state();
          assertThat(Objects.requireNonNull(other.reason()).code()).isEqualTo(Reason.REFUSED);
          assertThat(refused()).extracting(Use::provider).containsExactly("other");
          assertThat(node.ready()).isTrue();
          after.over();
        }
      }
    }
  }

  @Test
  void moreShards() {
    try (EmbeddedRedis redis = EmbeddedRedis.startTemporary();
        EmbeddedKafka kafka = EmbeddedKafka.startTemporary()) {
      Servers servers = new EmbeddedServers(kafka, redis);
      Installed before;
      try (Installed running = on(servers).build();
          Browser browser = new Browser()) {
        before = running;
        connect(running, browser);
        try (Installed unused = wider(servers, running).build()) {
          Reshard.Outcome refused = reshard(running, unused, false);
          assertThat(refused.problems()).hasSizeGreaterThanOrEqualTo(3);
          assertThat(refused.problems()).allMatch(it -> it.contains("stop"));
        }
      }
      try (Installed after = wider(servers, before).build()) {
        assertThat(reshard(before, after, true)).isEqualTo(moved());
        assertThat(after.witness().states(ONE)).isEmpty();
        assertThat(reshard(before, before, false).problems()).hasSize(2);

        // perennial reshard --shards 8 --topics-prefix … --redis-prefix …
        assertThat(reshard(before, after, false)).isEqualTo(moved());

        BOTH.forEach(key -> after.witness().await(key, state -> state.equals(last(before, key))));
        after.node(ALL);
        BOTH.forEach(key -> after.witness().await(key, newerThan(before, key)));
        after.over();
      }
      assertThat(refused()).isEmpty();
    }
  }

  private static Reshard.Outcome moved() {
    return new Reshard.Outcome(2, List.of(), true);
  }

  private static Reshard.Outcome reshard(Installed from, Installed to, boolean dryRun) {
    return Reshard.run(from.config(), to.config(), dryRun, seen -> {}, () -> false);
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
    try (Installed installed = on(servers).build();
        Browser browser = new Browser()) {
      connect(installed, browser);
      return installed;
    }
  }

  private static void connect(Installed installed, Browser browser) {
    int port = installed.node(ALL).adminPort();
    BOTH.forEach(key -> browser.open(installed.connectLink(port, key)));
    BOTH.forEach(key -> installed.witness().await(key, Change.REFRESHED, 1));
  }

  private static CredentialState last(Installed installed, ConnectionKey key) {
    return installed.witness().states(key).getLast();
  }

  private static java.util.function.Predicate<CredentialState> newerThan(
      Installed before, ConnectionKey key) {
    CredentialState last = last(before, key);
    return state ->
        state.change() == Change.REFRESHED
            && state.grant() == last.grant()
            && state.tokenGen() > last.tokenGen()
            && state.version() > last.version();
  }

  private static long doubtful(Installed installed, Instant taken, Set<String> of) {
    return Reconsent.run(
            installed.config(), new Reconsent.Wanted(taken, of, true), seen -> {}, () -> false)
        .doubtful();
  }

  private Installed.Builder on(Servers servers) {
    Installed.Builder builder = Installed.on(servers);
    for (String slug : Stream.of("strict", "other").toList()) {
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

  /** As a snapshot of Redis has it. */
  private static Map<String, byte[]> backup(EmbeddedRedis redis) {
    Map<String, byte[]> all = new HashMap<>();
    try (RedisClient client = RedisClient.create(redis.uri())) {
      client.keys("*").forEach(key -> all.put(key, client.dump(key)));
    }
    return all;
  }

  private static void restore(EmbeddedRedis redis, Map<String, byte[]> backup) {
    try (RedisClient client = RedisClient.create(redis.uri())) {
      backup.forEach((key, bytes) -> client.restore(key, 0, bytes));
    }
  }
}
