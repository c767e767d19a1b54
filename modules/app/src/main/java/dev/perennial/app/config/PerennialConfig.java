package dev.perennial.app.config;

import dev.perennial.domain.Secret;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that can be configured. A key {@code kafka.bootstrap-servers} stands in {@code
 * perennial.yaml} under {@code perennial:}, is {@code PERENNIAL_KAFKA_BOOTSTRAP_SERVERS} in the
 * environment, and each later source wins: file, environment, flags. No key is reloaded while
 * running. docs/configuration.md has the same in one table. Immutable.
 */
@ConfigMapping(prefix = "perennial")
public interface PerennialConfig {

  Kafka kafka();

  Topics topics();

  Redis redis();

  /**
   * Number of shards: partitions of {@code credentials-updated}, of the due index and of Redis
   * keys. Chosen once for the life of an installation and checked at every start. 1 to 16384;
   * default 64.
   */
  @WithDefault("64")
  @Between(min = "1", max = "16384")
  int shards();

  Keys keys();

  @WithName("integrations")
  IntegrationFiles integrations();

  Secrets secrets();

  @WithName("public")
  PublicListener publicListener();

  @WithName("admin")
  AdminListener adminListener();

  Connect connect();

  Refresh refresh();

  Exchanger exchanger();

  Scheduler scheduler();

  /**
   * How long a stopping process waits for what it has begun. Above {@code refresh.deadline}, so
   * that no call to a provider is cut off. 1s to 10m; default 45s.
   */
  @WithDefault("45s")
  @Between(min = "1s", max = "10m")
  Duration drain();

  Log log();

  /** How to reach Kafka. */
  interface Kafka {

    /** Brokers to start from, {@code host:port} separated by commas. Default localhost:9092. */
    @WithDefault("localhost:9092")
    String bootstrapServers();

    /**
     * Any other property of Kafka's clients, by Kafka's own name ({@code sasl.mechanism}); in the
     * environment {@code PERENNIAL_KAFKA_PROPERTIES_SASL_MECHANISM}. Passed on as they are, and
     * treated as secrets. Those that the protocol depends on are refused. Default: none.
     */
    Map<String, @WithConverter(KafkaValue.class) Secret> properties();

    /**
     * Group protocol of the workers: {@code classic} (recovers fastest) or {@code consumer}
     * (KIP-848). Default classic.
     */
    @WithDefault("classic")
    GroupProtocol groupProtocol();

    /**
     * How long a process may be silent until others take its work. 6 s to 5 min; default 10 s.
     * Longer than any pause of a healthy process; the broker must allow it.
     */
    @WithDefault("10s")
    @Between(min = "6s", max = "5m")
    Duration sessionTimeout();

    /** Replicas of each topic when it is created. 1 to 10; default 3; 1 on a single broker. */
    @WithDefault("3")
    @Between(min = "1", max = "10")
    int replicationFactor();
  }

  /** How a worker joins its group. */
  enum GroupProtocol {
    CLASSIC,
    CONSUMER
  }

  /** Names of topics and groups. */
  interface Topics {

    /**
     * Stands before each topic's and each consumer group's name. Letters, digits and {@code . _ -},
     * 1 to 100. Default perennial.
     */
    @WithDefault("perennial")
    String prefix();
  }

  /** How to reach Redis. */
  interface Redis {

    /**
     * {@code redis://} or {@code rediss://} (TLS), with user and password in it where there are
     * any; treated as a secret. Default redis://localhost:6379.
     */
    @WithDefault("redis://localhost:6379")
    RedisUri uri();

    /**
     * Stands before each key in Redis. Letters, digits and {@code . _ : -}, 1 to 100. Default
     * perennial.
     */
    @WithDefault("perennial")
    String prefix();
  }

  /** The key ring that credentials are sealed with; one of the two, or the workers do not start. */
  interface Keys {

    /** Path of the keyset file that {@code perennial keys new} writes. Default: none. */
    Optional<Path> file();

    /** The keyset itself, as JSON; a secret. Default: none. */
    Optional<Secret> keyset();

    /**
     * The key of a KMS that encrypts the keyset, as Tink writes it, e.g. {@code
     * aws-kms://arn:aws:kms:eu-west-1:…:key/…}. Default: none, the keyset is in the clear.
     */
    Optional<String> kmsUri();
  }

  /** Where the definitions are. */
  interface IntegrationFiles {

    /** Directory of {@code <integration>.json} files. Default integrations. */
    @WithDefault("integrations")
    Path directory();
  }

  /** Where variables of definitions come from besides the environment. */
  interface Secrets {

    /**
     * Path of a file with {@code PERENNIAL_<INTEGRATION>_<VARIABLE>=value} lines; the environment
     * wins over it. Default: none.
     */
    Optional<Path> file();
  }

  /** The listener that browsers reach: consent links and callbacks. */
  interface PublicListener {

    /**
     * How browsers reach it, without a path at the end; redirect URLs are built on it, so a change
     * must be registered with every provider. https, or http on this machine. Default
     * http://localhost:8080.
     */
    @WithDefault("http://localhost:8080")
    URI url();

    /** Address to listen on; 0.0.0.0 = all of them. Default 0.0.0.0. */
    @WithDefault("0.0.0.0")
    String host();

    /** TCP port to listen on, 0 to 65535; 0 = any free one, printed. Default 8080. */
    @WithDefault("8080")
    @Between(min = "0", max = "65535")
    int port();
  }

  /** The listener of the admin API, health and metrics. */
  interface AdminListener {

    /** Address to listen on; 0.0.0.0 = all of them. Default 127.0.0.1. */
    @WithDefault("127.0.0.1")
    String host();

    /** TCP port to listen on, 0 to 65535; 0 = any free one, printed. Default 8081. */
    @WithDefault("8081")
    @Between(min = "0", max = "65535")
    int port();

    /**
     * What a caller of the admin API shows as {@code Authorization: Bearer}; at least 16
     * characters; a secret. It may do everything. Default: none.
     */
    Optional<Secret> token();

    /**
     * Path of the file of API keys that {@code perennial keys api new} writes; read at the start
     * and again whenever it has changed. Default: none.
     */
    Optional<Path> apiKeys();

    Jwt jwt();
  }

  /** Access tokens of an authorization server that open the admin API too (RFC 9068). */
  interface Jwt {

    /**
     * Issuer of the tokens, exactly as their {@code iss} has it. https, or http on this machine.
     * Default: none, so no such token is accepted.
     */
    Optional<URI> issuer();

    /** What {@code aud} must hold. Must be given with the issuer. Default: none. */
    Optional<String> audience();

    /**
     * Where the issuer's public keys are. https, or http on this machine. Default: as the issuer's
     * metadata say (RFC 8414, OpenID Connect Discovery).
     */
    Optional<URI> jwksUri();
  }

  /** Consents. */
  interface Connect {

    /**
     * Origins ({@code https://app.example.com}) that a consent may return to, separated by commas.
     * Default: none, so consents end on our own page.
     */
    Optional<List<String>> returnOrigins();

    /** How long a consent link is good for. 10s to 1d; default 15m. */
    @WithDefault("15m")
    @Between(min = "10s", max = "1d")
    Duration sessionValid();

    /** How long the user may take at the provider. 10s to 1h; default 10m. */
    @WithDefault("10m")
    @Between(min = "10s", max = "1h")
    Duration stateValid();
  }

  /** When and how credentials are refreshed; docs/protocol.md says what the times protect. */
  interface Refresh {

    /** From the begin of an attempt until the answer must be read. 100ms to 5m; default 30s. */
    @WithDefault("30s")
    @Between(min = "100ms", max = "5m")
    Duration deadline();

    /**
     * From the begin of an attempt until others may think about it. Above the deadline. 200ms to
     * 30m; default 120s.
     */
    @WithDefault("120s")
    @Between(min = "200ms", max = "30m")
    Duration lease();

    /**
     * After this a refresh that was said and not done is said again. Above the lease. 300ms to 1h;
     * default 150s.
     */
    @WithDefault("150s")
    @Between(min = "300ms", max = "1h")
    Duration reemit();

    /** How long a publication may take until it counts as failed. 1s to 10m; default 60s. */
    @WithDefault("60s")
    @Between(min = "1s", max = "10m")
    Duration delivery();

    /** Part of the access token's life after which it is refreshed. 0.05 to 0.99; default 0.75. */
    @WithDefault("0.75")
    @Between(min = "0.05", max = "0.99")
    double share();

    /** Where given, refresh this long before the end instead. 0s to 30d; default: none. */
    @Between(min = "0s", max = "30d")
    Optional<Duration> margin();

    /**
     * At most this part of the life earlier, so that connections do not fall due together. 0 to
     * 0.05; 0 = none; default 0.05.
     */
    @WithDefault("0.05")
    @Between(min = "0", max = "0.05")
    double jitter();

    /** Wait after the first failure in a row. 100ms to 1h; default 2s. */
    @WithDefault("2s")
    @Between(min = "100ms", max = "1h")
    Duration backoffFirst();

    /** Longest wait between attempts. 100ms to 1d; default 10m. */
    @WithDefault("10m")
    @Between(min = "100ms", max = "1d")
    Duration backoffMost();

    /**
     * How long before the end of a grant {@code expiring} is published, once for each of them; see
     * docs/protocol.md. Times separated by commas, each 1m to 3650d, at most 10; {@code none} =
     * never. Default 14d,3d,1d.
     */
    @WithDefault("14d,3d,1d")
    LeadTimes expiringLeads();
  }

  /** Calls to token endpoints. */
  interface Exchanger {

    /** Calls in flight in one process. 1 to 65536; default 2048. */
    @WithDefault("2048")
    @Between(min = "1", max = "65536")
    int maxInFlight();

    /**
     * Calls in flight to one integration in one process, so that a slow provider never takes all of
     * them. 1 to 65536; default 512.
     */
    @WithDefault("512")
    @Between(min = "1", max = "65536")
    int perIntegration();

    /**
     * Whether token endpoints may resolve to private and link-local addresses. Loopback addresses
     * too are private. Default false.
     */
    @WithDefault("false")
    boolean allowPrivateAddresses();
  }

  /** Looking for what is due. */
  interface Scheduler {

    /** Entries claimed at once, per shard. 1 to 200; default 200. */
    @WithDefault("200")
    @Between(min = "1", max = "200")
    int claim();

    /** Pause between two looks at a shard. 10ms to 1m; default 250ms. */
    @WithDefault("250ms")
    @Between(min = "10ms", max = "1m")
    Duration tick();
  }

  /** What is logged, always to standard error. */
  interface Log {

    /** {@code error}, {@code warn}, {@code info}, {@code debug} or {@code trace}. Default info. */
    @WithDefault("info")
    Level level();

    /** {@code text} for people, {@code json} for machines. Default text. */
    @WithDefault("text")
    Format format();

    /** From how grave a thing must be to how much is said. */
    enum Level {
      ERROR,
      WARN,
      INFO,
      DEBUG,
      TRACE
    }

    /** How a line looks. */
    enum Format {
      TEXT,
      JSON
    }
  }
}
