package dev.perennial.e2e;

import dev.perennial.app.role.Restore;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer;
import dev.perennial.domain.Shards;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.AnswerJournaled;
import dev.perennial.domain.event.Event.AuthorizationFailed;
import dev.perennial.domain.event.Event.CodeReceived;
import dev.perennial.domain.event.Event.CredentialUpdated;
import dev.perennial.domain.event.Event.RefreshDue;
import dev.perennial.domain.event.EventPublisher;
import dev.perennial.event.EventCodec;
import dev.perennial.event.SealedPayloads;
import dev.perennial.event.Topics;
import dev.perennial.stream.KafkaEventPublisher;
import dev.perennial.stream.KafkaSettings;
import dev.perennial.stream.TopicAdmin;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.RedisClient;

/**
 * What is taken, as measured.
 *
 * @param redisBytes of each connection: what Redis uses more than when empty
 * @param hashBytes of that, its hash on average, as MEMORY USAGE has it
 * @param recordBytes by topic without prefix: of each record, sent alone
 */
record Sizes(
    Tokens tokens,
    long redisBytes,
    long hashBytes,
    long healedPerSecond,
    Map<String, Long> recordBytes) {
  private static final int SAMPLE = 200;
  private static final int ALL_FIELDS = 0;
  private static final int TOGETHER = 2_000;

  /** As in the million connections of 64 shards: it says how full the due index is. */
  private static final int CONNECTIONS_OF_A_SHARD = 15_625;

  private static final Duration LIFE = Duration.ofHours(1);
  private static final int SEALED_CODE = 300;
  private static final String DEFINITION =
      """
      {
        "authenticate_url": "https://provider.test/authorize?redirect_uri={{ redirect_url }}",
        "access_token": {"url": "https://provider.test/token"}
      }
      """;

  /** What an answer brings, in characters. */
  enum Tokens {
    OPAQUE(220, 100),
    JSON_WEB_TOKENS(1_800, 1_200);

    private final int access;
    private final int refresh;

    Tokens(int access, int refresh) {
      this.access = access;
      this.refresh = refresh;
    }

    String text() {
      return "tokens of %,d and %,d characters".formatted(access, refresh);
    }

    TokenResponse response() {
      Map<String, @Nullable Object> tokens = new HashMap<>();
      tokens.put("access_token", "a".repeat(access));
      tokens.put("refresh_token", "r".repeat(refresh));
      tokens.put("expires_in", LIFE.toSeconds());
      tokens.put("token_type", "Bearer");
      return new TokenResponse(tokens);
    }
  }

  /** On servers of its own, which hold nothing else. */
  static Sizes measure(int connections, Tokens tokens) throws Exception {
    int shards = Math.max(4, Math.ceilDiv(connections, CONNECTIONS_OF_A_SHARD));
    try (Servers servers = EmbeddedServers.start();
        Installed installed =
            Installed.on(servers)
                .flag("shards", Integer.toString(shards))
                .definition("orchard", DEFINITION)
                .build();
        RedisClient redis = RedisClient.create(servers.redis())) {
      KafkaSettings kafka = KafkaSettings.of(servers.kafka(), "sizes");
      Samples samples = new Samples(installed.sealer(), tokens, shards);
      publish(kafka, new Topics(installed.config().topics().prefix()), samples, connections);
      long empty = usedMemory(redis);
      long began = System.nanoTime();
      Restore.run(installed.config(), state -> {}, () -> false);
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      return new Sizes(
          tokens,
          (usedMemory(redis) - empty) / connections,
          hashes(redis, installed) / SAMPLE,
          connections * 1_000L / Math.max(1, took.toMillis()),
          records(kafka, samples));
    }
  }

  private static void publish(
      KafkaSettings kafka, Topics topics, Samples samples, int connections) {
    try (KafkaEventPublisher publisher = publisher(kafka, topics)) {
      for (int from = 0; from < connections; from += TOGETHER) {
        int to = Math.min(from + TOGETHER, connections);
        publisher.publishAll(IntStream.range(from, to).mapToObj(samples::updated).toList());
      }
    }
  }

  /** On topics that nobody judges by what became of their events. */
  private static Map<String, Long> records(KafkaSettings kafka, Samples samples) throws Exception {
    Topics topics = new Topics("sizes");
    new TopicAdmin(kafka, Duration.ofSeconds(15)).create(topics.all(1), (short) 1);
    Map<String, Long> bytes = new LinkedHashMap<>();
    List<IntFunction<Event>> kinds =
        List.of(samples::updated, samples::due, samples::code, samples::failed, samples::journaled);
    try (KafkaEventPublisher publisher = publisher(kafka, topics)) {
      for (IntFunction<Event> kind : kinds) {
        alone(publisher, kind);
        String topic = topics.of(kind.apply(0));
        String name = topic.substring(topics.prefix().length() + 1);
        bytes.put(name, topicBytes(kafka, topic) / SAMPLE);
      }
    }
    return bytes;
  }

  /** Each acknowledged before the next: on a quiet topic every record is a batch of its own. */
  private static void alone(EventPublisher publisher, IntFunction<Event> kind) {
    IntStream.range(0, SAMPLE).mapToObj(kind).forEach(publisher::publish);
  }

  private static KafkaEventPublisher publisher(KafkaSettings kafka, Topics topics) {
    return new KafkaEventPublisher(kafka, new EventCodec(topics, "/sizes"), Duration.ofSeconds(60));
  }

  private static long usedMemory(RedisClient redis) {
    return redis
        .info("memory")
        .lines()
        .filter(line -> line.startsWith("used_memory:"))
        .mapToLong(line -> Long.parseLong(line.substring("used_memory:".length()).strip()))
        .findFirst()
        .orElseThrow();
  }

  private static long hashes(RedisClient redis, Installed installed) {
    Shards shards = new Shards(installed.config().shards());
    String prefix = installed.config().redis().prefix();
    return IntStream.range(0, SAMPLE)
        .mapToObj(Samples::key)
        .mapToLong(
            key -> redis.memoryUsage(prefix + ":{s" + shards.of(key) + "}:c:" + key, ALL_FIELDS))
        .sum();
  }

  private static long topicBytes(KafkaSettings kafka, String topic) throws Exception {
    Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
    try (Admin admin = Admin.create(settings)) {
      int broker = admin.describeCluster().nodes().get().iterator().next().id();
      return admin.describeLogDirs(List.of(broker)).allDescriptions().get().values().stream()
          .flatMap(dirs -> dirs.values().stream())
          .map(LogDirDescription::replicaInfos)
          .flatMap(replicas -> replicas.entrySet().stream())
          .filter(replica -> replica.getKey().topic().equals(topic))
          .mapToLong(replica -> replica.getValue().size())
          .sum();
    }
  }

  /** Events as roles say them; numbered, each of its own connection. */
  private static final class Samples {
    private static final long GRANT = 1_790_000_000_000_000L;
    private static final String SCOPE =
        "https://provider.test/auth/mail.read https://provider.test/auth/calendar";

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final Sealer sealer;
    private final TokenResponse response;
    private final int shards;

    Samples(Sealer sealer, Tokens tokens, int shards) {
      this.sealer = sealer;
      this.response = tokens.response();
      this.shards = shards;
    }

    static ConnectionKey key(int i) {
      return new ConnectionKey("orchard", "customer-" + (1_000_000 + i));
    }

    Event updated(int i) {
      return new CredentialUpdated(
          new CredentialState(
              key(i),
              GRANT,
              2,
              3,
              Status.ACTIVE,
              Change.REFRESHED,
              null,
              sealed(i),
              now,
              now.plus(LIFE),
              dueAt(i),
              "Bearer",
              SCOPE,
              now));
    }

    Event due(int i) {
      return new RefreshDue(key(i), 3, RefreshDue.Cause.SCHEDULED, now);
    }

    Event code(int i) {
      Sealed code = sealer.seal(key(i), Sealer.Purpose.AUTHORIZATION_CODE, new byte[SEALED_CODE]);
      return new CodeReceived(key(i), id(), GRANT, id(), now, code);
    }

    Event failed(int i) {
      Reason reason = new Reason("access_denied", "The user said no");
      return new AuthorizationFailed(key(i), id(), reason, now);
    }

    Event journaled(int i) {
      IssuedTokens tokens =
          new IssuedTokens(sealed(i), now, now.plus(LIFE), dueAt(i), "Bearer", SCOPE);
      return new AnswerJournaled(key(i), id(), 0, true, GRANT, 2, tokens, now);
    }

    private Sealed sealed(int i) {
      return new SealedPayloads(sealer).seal(key(i), response);
    }

    /** A shard's connections all over the life of their tokens, at the density of a full shard. */
    private Instant dueAt(int i) {
      long apart = LIFE.toNanos() / CONNECTIONS_OF_A_SHARD;
      return now.plus(LIFE.dividedBy(2)).plusNanos(apart * (i / shards));
    }

    private static String id() {
      return UUID.randomUUID().toString();
    }
  }
}
