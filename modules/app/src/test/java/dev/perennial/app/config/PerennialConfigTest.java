package dev.perennial.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.audit.Reads;
import dev.perennial.app.config.PerennialConfig.GroupProtocol;
import dev.perennial.app.config.PerennialConfig.Log;
import dev.perennial.domain.Secret;
import dev.perennial.ingress.limit.Clients.Header;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pins each default and each mapping, so that neither changes by accident. */
class PerennialConfigTest {

  /** Another value than the default for each key, in the order of {@link ConfigKey#all()}. */
  private static final Map<String, String> OTHER = new LinkedHashMap<>();

  static {
    OTHER.put("admin.api-keys", "api-keys.json");
    OTHER.put("admin.host", "0.0.0.0");
    OTHER.put("admin.jwt.audience", "perennial");
    OTHER.put("admin.jwt.issuer", "https://id.example.com/realm");
    OTHER.put("admin.jwt.jwks-uri", "https://id.example.com/keys");
    OTHER.put("admin.port", "9081");
    OTHER.put("admin.token", "a-token-that-is-long-enough");
    OTHER.put("audit.publish", "false");
    OTHER.put("audit.reads", "all");
    OTHER.put("audit.retention", "365d");
    OTHER.put("connect.return-origins", "https://app.example.com,http://localhost:3000");
    OTHER.put("connect.session-valid", "5m");
    OTHER.put("connect.state-valid", "4m");
    OTHER.put("drain", "1m");
    OTHER.put("exchanger.allow-private-addresses", "true");
    OTHER.put("exchanger.max-in-flight", "100");
    OTHER.put("exchanger.per-integration", "10");
    OTHER.put("integrations.directory", "elsewhere");
    OTHER.put("kafka.bootstrap-servers", "a:1,b:2");
    OTHER.put("kafka.group-protocol", "consumer");
    OTHER.put("kafka.replication-factor", "1");
    OTHER.put("kafka.session-timeout", "6s");
    OTHER.put("keys.file", "keys.json");
    OTHER.put("keys.kms-uri", "test-kms://key-1");
    OTHER.put("log.format", "json");
    OTHER.put("log.level", "debug");
    OTHER.put("metrics.census-every", "10s");
    OTHER.put("admin.max-connections", "100");
    OTHER.put("public.forwarded-header", "forwarded");
    OTHER.put("public.host", "127.0.0.1");
    OTHER.put("public.limit-per-client", "5");
    OTHER.put("public.limit-total", "0");
    OTHER.put("public.max-connections", "200");
    OTHER.put("public.trusted-proxies", "10.0.0.0/8,::1");
    OTHER.put("public.port", "0");
    OTHER.put("public.url", "https://connect.example.com/oauth");
    OTHER.put("redis.prefix", "p:");
    OTHER.put("redis.sentinel.password", "a word");
    OTHER.put("redis.sentinel.username", "watcher");
    OTHER.put("redis.tls.ca", "ca.pem");
    OTHER.put("redis.tls.certificate", "client.pem");
    OTHER.put("redis.tls.key", "client-key.pem");
    OTHER.put("redis.uri", "rediss-sentinel://user:word@a.example.com,b.example.com:1?master=m");
    OTHER.put("refresh.backoff-first", "3s");
    OTHER.put("refresh.backoff-most", "5m");
    OTHER.put("refresh.deadline", "3s");
    OTHER.put("refresh.delivery", "5s");
    OTHER.put("refresh.expiring-leads", "2h,30m");
    OTHER.put("refresh.jitter", "0");
    OTHER.put("refresh.lease", "8s");
    OTHER.put("refresh.margin", "PT5M");
    OTHER.put("refresh.reemit", "10s");
    OTHER.put("refresh.share", "0.5");
    OTHER.put("scheduler.claim", "50");
    OTHER.put("scheduler.tick", "100ms");
    OTHER.put("secrets.file", "secrets.env");
    OTHER.put("shards", "8");
    OTHER.put("topics.prefix", "p");
    OTHER.put("trace.otlp-endpoint", "http://collector:4318");
    OTHER.put("trace.sample", "0.1");
  }

  @TempDir Path directory = Path.of("");

  @Test
  void everyDefaultIsAsDocumented() {
    PerennialConfig config = new ConfigLoader(directory, Map.of()).load();

    assertThat(config.kafka().bootstrapServers()).isEqualTo("localhost:9092");
    assertThat(config.kafka().properties()).isEmpty();
    assertThat(config.kafka().groupProtocol()).isEqualTo(GroupProtocol.CLASSIC);
    assertThat(config.kafka().replicationFactor()).isEqualTo(3);
    assertThat(config.topics().prefix()).isEqualTo("perennial");
    assertThat(config.redis().uri().reveal()).isEqualTo(URI.create("redis://localhost:6379"));
    assertThat(config.redis().prefix()).isEqualTo("perennial");
    assertThat(config.redis().sentinel().username()).isEmpty();
    assertThat(config.redis().sentinel().password()).isEmpty();
    assertThat(config.redis().tls().ca()).isEmpty();
    assertThat(config.redis().tls().certificate()).isEmpty();
    assertThat(config.redis().tls().key()).isEmpty();
    assertThat(config.shards()).isEqualTo(64);
    assertThat(config.keys().file()).isEmpty();
    assertThat(config.keys().keyset()).isEmpty();
    assertThat(config.keys().kmsUri()).isEmpty();
    assertThat(config.integrations().directory()).isEqualTo(Path.of("integrations"));
    assertThat(config.secrets().file()).isEmpty();
    assertThat(config.publicListener().url()).isEqualTo(URI.create("http://localhost:8080"));
    assertThat(config.publicListener().host()).isEqualTo("0.0.0.0");
    assertThat(config.publicListener().port()).isEqualTo(8080);
    assertThat(config.adminListener().host()).isEqualTo("127.0.0.1");
    assertThat(config.adminListener().port()).isEqualTo(8081);
    assertThat(config.adminListener().token()).isEmpty();
    assertThat(config.adminListener().apiKeys()).isEmpty();
    assertThat(config.adminListener().jwt().issuer()).isEmpty();
    assertThat(config.adminListener().jwt().audience()).isEmpty();
    assertThat(config.adminListener().jwt().jwksUri()).isEmpty();
    assertThat(config.connect().returnOrigins()).isEmpty();
    assertThat(config.connect().sessionValid()).isEqualTo(Duration.ofMinutes(15));
    assertThat(config.connect().stateValid()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.refresh().deadline()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.refresh().lease()).isEqualTo(Duration.ofMinutes(2));
    assertThat(config.refresh().reemit()).isEqualTo(Duration.ofSeconds(150));
    assertThat(config.refresh().delivery()).isEqualTo(Duration.ofMinutes(1));
    assertThat(config.refresh().share()).isEqualTo(0.75);
    assertThat(config.refresh().margin()).isEmpty();
    assertThat(config.refresh().jitter()).isEqualTo(0.05);
    assertThat(config.refresh().backoffFirst()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.refresh().backoffMost()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.refresh().expiringLeads().all())
        .containsExactly(Duration.ofDays(1), Duration.ofDays(3), Duration.ofDays(14));
    assertThat(config.exchanger().maxInFlight()).isEqualTo(2048);
    assertThat(config.exchanger().perIntegration()).isEqualTo(512);
    assertThat(config.exchanger().allowPrivateAddresses()).isFalse();
    assertThat(config.scheduler().claim()).isEqualTo(200);
    assertThat(config.scheduler().tick()).isEqualTo(Duration.ofMillis(250));
    assertThat(config.metrics().censusEvery()).isEqualTo(Duration.ofMinutes(1));
    assertThat(config.drain()).isEqualTo(Duration.ofSeconds(45));
    assertThat(config.publicListener().trustedProxies()).isEmpty();
    assertThat(config.publicListener().forwardedHeader()).isEqualTo(Header.X_FORWARDED_FOR);
    assertThat(config.publicListener().limitPerClient()).isEqualTo(50);
    assertThat(config.publicListener().limitTotal()).isEqualTo(2000);
    assertThat(config.publicListener().maxConnections()).isEqualTo(10_000);
    assertThat(config.adminListener().maxConnections()).isEqualTo(10_000);
    assertThat(config.audit().publish()).isTrue();
    assertThat(config.trace().otlpEndpoint()).isEmpty();
    assertThat(config.trace().sample()).isEqualTo(1);
    assertThat(config.audit().reads()).isEqualTo(Reads.FIRST);
    assertThat(config.audit().retention()).isEqualTo(Duration.ofDays(90));
    assertThat(config.log().level()).isEqualTo(Log.Level.INFO);
    assertThat(config.log().format()).isEqualTo(Log.Format.TEXT);
  }

  @Test
  void theTestKnowsEveryKey() {
    List<String> keys =
        ConfigKey.all().stream().map(key -> key.name().substring(ConfigKey.ROOT.length())).toList();

    assertThat(keys).containsAll(OTHER.keySet()).hasSize(OTHER.size() + 1).contains("keys.keyset");
  }

  @Test
  void everyKeyIsReadFromYaml() throws IOException {
    StringBuilder yaml = new StringBuilder("perennial:\n");
    OTHER.forEach(
        (key, value) -> yaml.append("  ").append(key).append(": '").append(value).append("'\n"));
    yaml.append("  kafka.properties.sasl.mechanism: PLAIN\n");
    Files.writeString(directory.resolve("perennial.yaml"), yaml);

    assertOther(new ConfigLoader(directory, Map.of()).load());
  }

  @Test
  void everyKeyIsReadFromTheEnvironment() {
    Map<String, String> environment = new LinkedHashMap<>();
    OTHER.forEach((key, value) -> environment.put(ConfigKey.env(ConfigKey.ROOT + key), value));
    environment.put("PERENNIAL_KAFKA_PROPERTIES_SASL_MECHANISM", "PLAIN");

    assertOther(new ConfigLoader(directory, environment).load());
  }

  @Test
  void everyKeyIsReadFromFlags() {
    Map<String, String> flags = new LinkedHashMap<>(OTHER);
    flags.put("kafka.properties.sasl.mechanism", "PLAIN");

    assertOther(new ConfigLoader(directory, Map.of()).flags(flags).load());
  }

  @Test
  void aKeysetIsReadAsASecret() {
    Map<String, String> environment = Map.of("PERENNIAL_KEYS_KEYSET", "{\"key\":[]}");

    PerennialConfig config = new ConfigLoader(directory, environment).load();

    assertThat(config.keys().keyset()).contains(Secret.of("{\"key\":[]}"));
  }

  @Test
  void noTwoKeysShareAnEnvironmentName() {
    assertThat(ConfigKey.all()).extracting(ConfigKey::env).doesNotHaveDuplicates();
  }

  private static void assertOther(PerennialConfig config) {
    assertThat(config.kafka().bootstrapServers()).isEqualTo("a:1,b:2");
    assertThat(config.kafka().properties()).isEqualTo(Map.of("sasl.mechanism", Secret.of("PLAIN")));
    assertThat(config.kafka().groupProtocol()).isEqualTo(GroupProtocol.CONSUMER);
    assertThat(config.kafka().replicationFactor()).isEqualTo(1);
    assertThat(config.topics().prefix()).isEqualTo("p");
    assertThat(config.redis().uri().reveal())
        .isEqualTo(
            URI.create("rediss-sentinel://user:word@a.example.com,b.example.com:1?master=m"));
    assertThat(config.redis().sentinel().username()).contains("watcher");
    assertThat(config.redis().sentinel().password()).contains(Secret.of("a word"));
    assertThat(config.redis().tls().ca()).contains(Path.of("ca.pem"));
    assertThat(config.redis().tls().certificate()).contains(Path.of("client.pem"));
    assertThat(config.redis().tls().key()).contains(Path.of("client-key.pem"));
    assertThat(config.redis().prefix()).isEqualTo("p:");
    assertThat(config.shards()).isEqualTo(8);
    assertThat(config.keys().file()).contains(Path.of("keys.json"));
    assertThat(config.keys().kmsUri()).contains("test-kms://key-1");
    assertThat(config.integrations().directory()).isEqualTo(Path.of("elsewhere"));
    assertThat(config.secrets().file()).contains(Path.of("secrets.env"));
    assertThat(config.publicListener().url())
        .isEqualTo(URI.create("https://connect.example.com/oauth"));
    assertThat(config.publicListener().host()).isEqualTo("127.0.0.1");
    assertThat(config.publicListener().port()).isZero();
    assertThat(config.adminListener().host()).isEqualTo("0.0.0.0");
    assertThat(config.adminListener().port()).isEqualTo(9081);
    assertThat(config.adminListener().token()).contains(Secret.of("a-token-that-is-long-enough"));
    assertThat(config.adminListener().apiKeys()).contains(Path.of("api-keys.json"));
    assertThat(config.adminListener().jwt().issuer())
        .contains(URI.create("https://id.example.com/realm"));
    assertThat(config.adminListener().jwt().audience()).contains("perennial");
    assertThat(config.adminListener().jwt().jwksUri())
        .contains(URI.create("https://id.example.com/keys"));
    assertThat(config.connect().returnOrigins())
        .contains(List.of("https://app.example.com", "http://localhost:3000"));
    assertThat(config.connect().sessionValid()).isEqualTo(Duration.ofMinutes(5));
    assertThat(config.connect().stateValid()).isEqualTo(Duration.ofMinutes(4));
    assertThat(config.refresh().deadline()).isEqualTo(Duration.ofSeconds(3));
    assertThat(config.refresh().lease()).isEqualTo(Duration.ofSeconds(8));
    assertThat(config.refresh().reemit()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.refresh().delivery()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.refresh().share()).isEqualTo(0.5);
    assertThat(config.refresh().margin()).contains(Duration.ofMinutes(5));
    assertThat(config.refresh().jitter()).isZero();
    assertThat(config.refresh().backoffFirst()).isEqualTo(Duration.ofSeconds(3));
    assertThat(config.refresh().backoffMost()).isEqualTo(Duration.ofMinutes(5));
    assertThat(config.refresh().expiringLeads().all())
        .containsExactly(Duration.ofMinutes(30), Duration.ofHours(2));
    assertThat(config.exchanger().maxInFlight()).isEqualTo(100);
    assertThat(config.exchanger().perIntegration()).isEqualTo(10);
    assertThat(config.exchanger().allowPrivateAddresses()).isTrue();
    assertThat(config.scheduler().claim()).isEqualTo(50);
    assertThat(config.scheduler().tick()).isEqualTo(Duration.ofMillis(100));
    assertThat(config.metrics().censusEvery()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.drain()).isEqualTo(Duration.ofMinutes(1));
    assertThat(config.publicListener().trustedProxies()).contains(List.of("10.0.0.0/8", "::1"));
    assertThat(config.publicListener().forwardedHeader()).isEqualTo(Header.FORWARDED);
    assertThat(config.publicListener().limitPerClient()).isEqualTo(5);
    assertThat(config.publicListener().limitTotal()).isZero();
    assertThat(config.publicListener().maxConnections()).isEqualTo(200);
    assertThat(config.adminListener().maxConnections()).isEqualTo(100);
    assertThat(config.audit().publish()).isFalse();
    assertThat(config.audit().reads()).isEqualTo(Reads.ALL);
    assertThat(config.audit().retention()).isEqualTo(Duration.ofDays(365));
    assertThat(config.log().level()).isEqualTo(Log.Level.DEBUG);
    assertThat(config.log().format()).isEqualTo(Log.Format.JSON);
    assertThat(config.trace().otlpEndpoint()).contains(URI.create("http://collector:4318"));
    assertThat(config.trace().sample()).isEqualTo(0.1);
  }

  /**
   * Generated at each start they would cost it a tenth of a second, and no cache could have them.
   */
  @Test
  void theClassesBehindItComeWithTheBuild() {
    assertThat(PerennialConfig.class.getResource("PerennialConfig$$CMImpl.class")).isNotNull();
    assertThat(PerennialConfig.class.getResource("PerennialConfig$Redis$$CMImpl.class"))
        .isNotNull();
  }
}
