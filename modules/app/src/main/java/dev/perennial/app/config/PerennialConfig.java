package dev.perennial.app.config;

import dev.perennial.app.audit.Reads;
import dev.perennial.domain.Secret;
import dev.perennial.ingress.limit.Clients;
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
 * environment, and each later source wins: file, environment, flags. What each key means stands in
 * its {@link Described}, of which docs/configuration.md is made. Immutable.
 */
@ConfigMapping(prefix = "perennial")
public interface PerennialConfig {

  Kafka kafka();

  Topics topics();

  Redis redis();

  @Described(
      meaning =
          "Partitions of `credentials-updated`, of the due index and of Redis keys. Chosen "
              + "once for the life of an installation; checked at every start.")
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

  @Described(
      meaning =
          "How long a stopping process waits for what it has begun. Above `refresh.deadline`, "
              + "so that no call to a provider is cut off.")
  @WithDefault("45s")
  @Between(min = "1s", max = "10m")
  Duration drain();

  Audit audit();

  Metrics metrics();

  Trace trace();

  Log log();

  /** How to reach Kafka. */
  interface Kafka {

    @Described(
        form = "`host:port`, several separated by commas",
        meaning = "Brokers to start from.")
    @WithDefault("localhost:9092")
    String bootstrapServers();

    @Described(
        form = "any property of Kafka's clients",
        meaning =
            "By Kafka's own name; in the environment dots are underscores (`…_SASL_MECHANISM` "
                + "is `sasl.mechanism`). Those that the protocol depends on (acks, idempotence, "
                + "commits, serializers, groups) are refused.")
    Map<String, @WithConverter(KafkaValue.class) Secret> properties();

    @Described(
        meaning =
            "How workers share partitions; `classic` recovers fastest, `consumer` is KIP-848.")
    @WithDefault("classic")
    GroupProtocol groupProtocol();

    @Described(
        meaning =
            "How long a process may be silent until others take its work; longer than any "
                + "pause of a healthy process, and within what the broker allows.")
    @WithDefault("10s")
    @Between(min = "6s", max = "5m")
    Duration sessionTimeout();

    @Described(
        form = "replicas",
        meaning = "Of each topic when `perennial topics` makes it; 1 on a single broker.")
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

    @Described(
        form = "letters, digits and `. _ -`, 1 to 100",
        meaning = "Stands before the name of each topic and consumer group.")
    @WithDefault("perennial")
    String prefix();
  }

  /** How to reach Redis. */
  interface Redis {

    @Described(
        form =
            "`redis://host`, `redis-sentinel://host,host?master=name` or"
                + " `redis-cluster://host,host`; `rediss…` over TLS",
        meaning =
            "Where Redis is, with user and password (percent-encoded) where there are any; see"
                + " [redis.md](redis.md).")
    @WithDefault("redis://localhost:6379")
    RedisUri uri();

    Sentinel sentinel();

    Tls tls();

    @Described(
        form = "letters, digits and `. _ : -`, 1 to 100",
        meaning = "Stands before each key in Redis.")
    @WithDefault("perennial")
    String prefix();
  }

  /** Who we are to sentinels that ask for it; who we are to Redis stands in {@code redis.uri}. */
  interface Sentinel {

    @Described(form = "text", meaning = "User at the sentinels, where they have one.")
    Optional<String> username();

    @Described(
        form = "text",
        meaning = "Password at the sentinels; that of Redis stands in `redis.uri`.")
    Optional<Secret> password();
  }

  /** TLS of Redis and of its sentinels; host names are always checked. */
  interface Tls {

    @Described(
        meaning =
            "Certificate authorities in PEM; Redis's and the sentinels' certificates are checked"
                + " against these and no others. Read at the start. None: the JVM's.")
    Optional<Path> ca();

    @Described(meaning = "The certificate chain that we show, in PEM.")
    Optional<Path> certificate();

    @Described(meaning = "Its private key in PEM (PKCS #8, unencrypted).")
    Optional<Path> key();
  }

  /** The key ring that credentials are sealed with; one of the two, or the workers do not start. */
  interface Keys {

    @Described(
        meaning =
            "The key ring that `perennial keys new` made. This or `keys.keyset`, or the roles "
                + "do not start. Read again whenever it has changed ([keys.md](keys.md)).",
        reload = true)
    Optional<Path> file();

    @Described(
        form = "a Tink keyset in JSON",
        meaning = "The key ring itself, for installations without files.")
    Optional<Secret> keyset();

    @Described(
        form = "`aws-kms://arn:aws:kms:…:key/…`, or another that a module on the class path knows",
        meaning =
            "The key of a KMS that the ring is encrypted with ([keys.md](keys.md)). None: the ring"
                + " is in the clear.")
    Optional<String> kmsUri();
  }

  /** Where the definitions are. */
  interface IntegrationFiles {

    @Described(meaning = "Where the definitions are.")
    @WithDefault("integrations")
    Path directory();
  }

  /** Where variables of definitions come from besides the environment. */
  interface Secrets {

    @Described(meaning = "Variables of definitions, see below.")
    Optional<Path> file();
  }

  /** The listener that browsers reach: consent links and callbacks. */
  interface PublicListener {

    @Described(
        form = "https URL without a slash at its end, or http on this machine",
        meaning =
            "How browsers reach the public listener. Redirect URLs are"
                + " `<public.url>/callback/<integration>`, so a change must be registered with"
                + " every provider.")
    @WithDefault("http://localhost:8080")
    URI url();

    @Described(
        form = "address",
        meaning = "Where the public listener listens; 0.0.0.0 = all addresses.")
    @WithDefault("0.0.0.0")
    String host();

    @Described(form = "TCP port", meaning = "0 = any free one, printed.")
    @WithDefault("8080")
    @Between(min = "0", max = "65535")
    int port();

    @Described(
        form = "addresses or ranges (`10.0.0.0/8`), several separated by commas",
        meaning =
            "Proxies that are believed about whom they speak for; the limits are then of that"
                + " client ([http.md](http.md#limits)). Without any each client is its address.")
    Optional<List<String>> trustedProxies();

    @Described(
        meaning =
            "Which header those proxies write; the other one is never read, since a client may have"
                + " sent it.")
    @WithDefault("x_forwarded_for")
    Clients.Header forwardedHeader();

    @Described(
        form = "requests a second",
        meaning =
            "To `/connect` and `/callback`, of one client (IPv6: of one /64), in one process; four"
                + " times as many at once; beyond it 429. 0 = no limit.")
    @WithDefault("50")
    @Between(min = "0", max = "100000")
    int limitPerClient();

    @Described(
        form = "requests a second",
        meaning = "The same of all clients together. 0 = no limit.")
    @WithDefault("2000")
    @Between(min = "0", max = "1000000")
    int limitTotal();

    @Described(
        form = "connections",
        meaning = "Open at a time, per process; one more waits until another closes.")
    @WithDefault("10000")
    @Between(min = "10", max = "1000000")
    int maxConnections();
  }

  /** The listener of the admin API, health and metrics. */
  interface AdminListener {

    @Described(
        form = "address",
        meaning = "Where admin API, health and metrics listen; 0.0.0.0 = all addresses.")
    @WithDefault("127.0.0.1")
    String host();

    @Described(form = "TCP port", meaning = "0 = any free one, printed.")
    @WithDefault("8081")
    @Between(min = "0", max = "65535")
    int port();

    @Described(
        form = "at least 16 characters",
        meaning =
            "What callers of the admin API show as `Authorization: Bearer`; it may do everything"
                + " ([admin-api.md](admin-api.md#access)). `openssl rand -hex 32` makes a good"
                + " one.")
    Optional<Secret> token();

    @Described(
        meaning =
            "The file that `perennial keys api new` writes: API keys with scopes. Read at the "
                + "start and again whenever it has changed.",
        reload = true)
    Optional<Path> apiKeys();

    @Described(
        form = "connections",
        meaning = "Open at a time, per process; one more waits until another closes.")
    @WithDefault("10000")
    @Between(min = "10", max = "1000000")
    int maxConnections();

    Jwt jwt();
  }

  /** Access tokens of an authorization server that open the admin API too (RFC 9068). */
  interface Jwt {

    @Described(
        form = "https URL, or http on this machine",
        meaning =
            "Access tokens of this issuer open the admin API too; exactly as their `iss` has "
                + "it. With `admin.jwt.audience`.")
    Optional<URI> issuer();

    @Described(
        form = "text",
        meaning =
            "What the `aud` of such a token must hold: the name under which the issuer knows "
                + "this API.")
    Optional<String> audience();

    @Described(
        form = "https URL, or http on this machine",
        meaning =
            "Where the issuer's public keys are. Without it the issuer's metadata (RFC 8414, "
                + "OpenID Connect Discovery) say where.")
    Optional<URI> jwksUri();
  }

  /** Consents. */
  interface Connect {

    @Described(
        form = "origins (`https://app.example.com`), several separated by commas",
        meaning =
            "Where a consent may return to, and whose pages may open one in a window and ask "
                + "how it went ([connect.md](connect.md)). Without any it ends on our own page.")
    Optional<List<String>> returnOrigins();

    @Described(meaning = "How long a consent link is good for.")
    @WithDefault("15m")
    @Between(min = "10s", max = "1d")
    Duration sessionValid();

    @Described(meaning = "How long the user may take at the provider.")
    @WithDefault("10m")
    @Between(min = "10s", max = "1h")
    Duration stateValid();
  }

  /** When and how credentials are refreshed; docs/protocol.md says what the times protect. */
  interface Refresh {

    @Described(
        meaning = "From the begin of an attempt until the answer must be read. Below the lease.")
    @WithDefault("30s")
    @Between(min = "100ms", max = "5m")
    Duration deadline();

    @Described(
        meaning =
            "From the begin of an attempt until others may think about it. Below the re-emit.")
    @WithDefault("120s")
    @Between(min = "200ms", max = "30m")
    Duration lease();

    @Described(meaning = "After this a refresh that was said and not done is said again.")
    @WithDefault("150s")
    @Between(min = "300ms", max = "1h")
    Duration reemit();

    @Described(meaning = "How long a publication may take until it counts as failed.")
    @WithDefault("60s")
    @Between(min = "1s", max = "10m")
    Duration delivery();

    @Described(form = "part", meaning = "Of the access token's life, after which it is refreshed.")
    @WithDefault("0.75")
    @Between(min = "0.05", max = "0.99")
    double share();

    @Described(meaning = "Where given, refresh this long before the end instead; 0s = at the end.")
    @Between(min = "0s", max = "30d")
    Optional<Duration> margin();

    @Described(
        form = "part",
        meaning =
            "Of the life, at most so much earlier, so that connections do not fall due "
                + "together; 0 = none.")
    @WithDefault("0.05")
    @Between(min = "0", max = "0.05")
    double jitter();

    @Described(meaning = "Wait after the first failure in a row; doubles from there.")
    @WithDefault("2s")
    @Between(min = "100ms", max = "1h")
    Duration backoffFirst();

    @Described(meaning = "Longest wait between attempts.")
    @WithDefault("10m")
    @Between(min = "100ms", max = "1d")
    Duration backoffMost();

    @Described(
        form = "times, each 1m to 3650d, at most 10; or `none`",
        meaning =
            "How long before only a new consent helps `expiring` is published, once for each. "
                + "[protocol.md](protocol.md#warnings) says what is warned of.")
    @WithDefault("14d,3d,1d")
    LeadTimes expiringLeads();
  }

  /** Calls to token endpoints. */
  interface Exchanger {

    @Described(form = "calls", meaning = "To all token endpoints together, per process.")
    @WithDefault("2048")
    @Between(min = "1", max = "65536")
    int maxInFlight();

    @Described(
        form = "calls",
        meaning =
            "To one integration, per process, so that a slow provider never takes all; more wait, "
                + "and others pass. At most `exchanger.max-in-flight`.")
    @WithDefault("512")
    @Between(min = "1", max = "65536")
    int perIntegration();

    @Described(
        meaning =
            "Whether token endpoints may resolve to private, link-local and loopback "
                + "addresses.")
    @WithDefault("false")
    boolean allowPrivateAddresses();
  }

  /** Looking for what is due. */
  interface Scheduler {

    @Described(form = "entries", meaning = "Claimed at once, per shard.")
    @WithDefault("200")
    @Between(min = "1", max = "200")
    int claim();

    @Described(meaning = "Pause between two looks at a shard.")
    @WithDefault("250ms")
    @Between(min = "10ms", max = "1m")
    Duration tick();
  }

  /** What is taken down of who did what; docs/audit.md says it all. */
  interface Audit {

    @Described(
        meaning =
            "Whether audit events go to the topic `audit` too; their lines are in the log always.")
    @WithDefault("true")
    boolean publish();

    @Described(
        meaning =
            "Which hand-outs of access tokens are told: `first` = of each connection to each caller"
                + " the first within an hour, by each process; `all` may be thousands a second.")
    @WithDefault("first")
    Reads reads();

    @Described(
        meaning =
            "How long the topic `audit` keeps an event. Checked at every start, as all settings of "
                + "topics.")
    @WithDefault("90d")
    @Between(min = "1d", max = "3650d")
    Duration retention();
  }

  /** What is measured beside the work. */
  interface Metrics {

    @Described(
        meaning =
            "How often all connections are counted, by one process for all; a count that takes"
                + " longer is not begun a second time beside itself.")
    @WithDefault("1m")
    @Between(min = "1s", max = "1h")
    Duration censusEvery();
  }

  /** Which traces are kept and where they go; docs/traces.md says what is in them. */
  interface Trace {

    @Described(
        form = "`http://host:port` or `https://…`; `/v1/traces` is added",
        meaning =
            "A collector that takes OTLP over HTTP ([traces.md](traces.md)). None: no span is kept"
                + " or sent.")
    Optional<URI> otlpEndpoint();

    @Described(
        form = "part",
        meaning =
            "Of the traces that begin here, how many are kept and sent; callers who bring a trace"
                + " decide about theirs.")
    @WithDefault("1")
    @Between(min = "0", max = "1")
    double sample();
  }

  /** What is logged, always to standard error. */
  interface Log {

    @Described(meaning = "How much is logged, always to standard error.")
    @WithDefault("info")
    Level level();

    @Described(meaning = "Lines for people, or one JSON object per line.")
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
