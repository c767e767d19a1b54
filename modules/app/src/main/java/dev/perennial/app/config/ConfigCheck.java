package dev.perennial.app.config;

import dev.perennial.app.config.ConfigProblems.Problem;
import dev.perennial.credentials.RedisAddress;
import dev.perennial.ingress.limit.AddressRange;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the types of the keys cannot say: ranges, forms, and keys that only make sense together. A
 * rule that looks at a key whose value could not be read is left out.
 */
final class ConfigCheck {
  private static final Pattern SERVERS =
      Pattern.compile("\\s*[^\\s,:]+:\\d{1,5}\\s*(,\\s*[^\\s,:]+:\\d{1,5}\\s*)*");
  private static final Pattern TOPIC_PREFIX = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final Pattern REDIS_PREFIX = Pattern.compile("[A-Za-z0-9._:-]{1,100}");
  private static final int TOKEN_LENGTH = 16;

  /** Kafka properties with a key of their own here, or that the protocol depends on. */
  private static final Set<String> OURS =
      Set.of(
          "acks",
          "auto.offset.reset",
          "bootstrap.servers",
          "enable.auto.commit",
          "enable.idempotence",
          "group.id",
          "group.protocol",
          "isolation.level",
          "key.deserializer",
          "key.serializer",
          "partitioner.class",
          "transactional.id",
          "value.deserializer",
          "value.serializer");

  private final PerennialConfig config;
  private final Map<String, RawValue> given;
  private final Set<String> bad;
  private final List<Problem> problems;

  ConfigCheck(
      PerennialConfig config,
      Map<String, RawValue> given,
      Set<String> bad,
      List<Problem> problems) {
    this.config = config;
    this.given = given;
    this.bad = bad;
    this.problems = problems;
  }

  /**
   * Reads each value on its own.
   *
   * @return names of the keys whose values cannot be used
   */
  static Set<String> values(Collection<RawValue> values, List<Problem> problems) {
    Set<String> bad = new HashSet<>();
    for (RawValue value : values) {
      ConfigKey key = ConfigKey.find(value.name());
      String wrong = key == null ? null : wrong(key, value.value());
      if (key != null && wrong != null) {
        String shown = key.secret() ? "the value" : "'" + value.value() + "'";
        problems.add(new Problem(value.source(), value.written(), shown + ": " + wrong, ""));
        bad.add(value.name());
      }
    }
    return bad;
  }

  private static @Nullable String wrong(ConfigKey key, String value) {
    try {
      Object read = ConfigValues.read(key.type(), value);
      return key.range() == null || within(key.range(), key.type(), read)
          ? null
          : "not within " + key.range().min() + " to " + key.range().max();
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  @SuppressWarnings("unchecked") // a range stands only on keys whose values compare
  private static boolean within(Between range, Class<?> type, Object value) {
    Comparable<Object> it = (Comparable<Object>) value;
    return it.compareTo(ConfigValues.read(type, range.min())) >= 0
        && it.compareTo(ConfigValues.read(type, range.max())) <= 0;
  }

  /** Applies every rule. */
  void run() {
    form(
        "kafka.bootstrap-servers",
        SERVERS,
        config.kafka().bootstrapServers(),
        "host:port,host:port");
    form("topics.prefix", TOPIC_PREFIX, config.topics().prefix(), "letters, digits and . _ -");
    form("redis.prefix", REDIS_PREFIX, config.redis().prefix(), "letters, digits and . _ : -");
    redis(config.redis());
    kafkaProperties();
    times();
    caps();
    listeners();
    proxies();
    jwt(config.adminListener().jwt());
    trace(config.trace());
    rule(
        config.keys().file().isEmpty() || config.keys().keyset().isEmpty(),
        "keys.file and keys.keyset are both given",
        "keep one",
        "keys.file",
        "keys.keyset");
  }

  private void redis(PerennialConfig.Redis redis) {
    PerennialConfig.Tls tls = redis.tls();
    RedisAddress address = redis.uri().address();
    rule(
        address.tls() || (tls.ca().isEmpty() && tls.certificate().isEmpty() && tls.key().isEmpty()),
        "redis.tls says nothing: redis.uri is not over TLS",
        "it begins with rediss then",
        "redis.tls.ca",
        "redis.tls.certificate",
        "redis.tls.key",
        "redis.uri");
    rule(
        tls.certificate().isPresent() == tls.key().isPresent(),
        "redis.tls.certificate and redis.tls.key go together",
        "",
        "redis.tls.certificate",
        "redis.tls.key");
    rule(
        address.kind() == RedisAddress.Kind.SENTINEL
            || (redis.sentinel().username().isEmpty() && redis.sentinel().password().isEmpty()),
        "redis.sentinel says nothing: redis.uri names no sentinels",
        "it begins with redis-sentinel then",
        "redis.sentinel.username",
        "redis.sentinel.password",
        "redis.uri");
    rule(
        redis.sentinel().username().isEmpty() || redis.sentinel().password().isPresent(),
        "redis.sentinel.username without redis.sentinel.password",
        "",
        "redis.sentinel.username",
        "redis.sentinel.password");
  }

  private void times() {
    PerennialConfig.Refresh refresh = config.refresh();
    ascending("refresh.deadline", refresh.deadline(), "refresh.lease", refresh.lease());
    ascending("refresh.lease", refresh.lease(), "refresh.reemit", refresh.reemit());
    ascending("refresh.deadline", refresh.deadline(), "drain", config.drain());
    rule(
        refresh.backoffFirst().compareTo(refresh.backoffMost()) <= 0,
        "refresh.backoff-first is longer than refresh.backoff-most",
        "",
        "refresh.backoff-first",
        "refresh.backoff-most");
  }

  private void ascending(String shorter, Duration low, String longer, Duration high) {
    rule(
        low.compareTo(high) < 0,
        shorter + " (" + text(low) + ") must be shorter than " + longer + " (" + text(high) + ")",
        "",
        shorter,
        longer);
  }

  /** {@code 30s} for PT30S. */
  private static String text(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + "s"
        : duration.toMillis() + "ms";
  }

  private void caps() {
    rule(
        config.exchanger().perIntegration() <= config.exchanger().maxInFlight(),
        "exchanger.per-integration is above exchanger.max-in-flight",
        "one integration could take every call",
        "exchanger.per-integration",
        "exchanger.max-in-flight");
  }

  private void listeners() {
    PerennialConfig.PublicListener open = config.publicListener();
    PerennialConfig.AdminListener admin = config.adminListener();
    rule(
        open.port() != admin.port() || open.port() == 0,
        "the same port for both listeners",
        "give one of them another",
        "public.port",
        "admin.port");
    rule(
        WebAddress.isPublicUrl(open.url()),
        "expected https://host[:port][/path], or http:// on this machine",
        "over plain http browsers drop the cookie that binds a consent to them",
        "public.url");
    rule(
        admin.token().map(token -> token.reveal().length() >= TOKEN_LENGTH).orElse(true),
        "shorter than " + TOKEN_LENGTH + " characters",
        "openssl rand -hex 32 makes a good one",
        "admin.token");
    for (String origin : config.connect().returnOrigins().orElse(List.of())) {
      rule(
          WebAddress.isOrigin(origin),
          "'" + origin + "' is no origin",
          "https://host[:port], no path",
          "connect.return-origins");
    }
  }

  private void proxies() {
    for (String range : config.publicListener().trustedProxies().orElse(List.of())) {
      rule(
          isRange(range),
          "'" + range + "' is no address and no range of addresses",
          "such as 10.0.0.0/8 or 2001:db8::/32",
          "public.trusted-proxies");
    }
  }

  private static boolean isRange(String text) {
    try {
      AddressRange.parse(text);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private void jwt(PerennialConfig.Jwt jwt) {
    rule(
        jwt.issuer().isPresent() == jwt.audience().isPresent(),
        "admin.jwt.issuer and admin.jwt.audience go together",
        "without an audience every token of the issuer would open the admin API",
        "admin.jwt.issuer",
        "admin.jwt.audience");
    rule(
        jwt.jwksUri().isEmpty() || jwt.issuer().isPresent(),
        "admin.jwt.jwks-uri says nothing without admin.jwt.issuer",
        "",
        "admin.jwt.jwks-uri");
    webAddress("admin.jwt.issuer", jwt.issuer());
    webAddress("admin.jwt.jwks-uri", jwt.jwksUri());
  }

  private void trace(PerennialConfig.Trace trace) {
    rule(
        trace.otlpEndpoint().map(WebAddress::isBase).orElse(true),
        "expected http://host:port or https://host[:port][/path]",
        "without a slash at its end; /v1/traces is added",
        "trace.otlp-endpoint");
    rule(
        trace.otlpEndpoint().map(url -> !url.toString().endsWith("/v1/traces")).orElse(true),
        "the path /v1/traces is added to it",
        "leave it out",
        "trace.otlp-endpoint");
  }

  private void webAddress(String key, Optional<URI> url) {
    rule(
        url.map(WebAddress::isProtected).orElse(true),
        "expected an https:// URL, or http:// on this machine",
        "whoever changes the keys on their way here can open the admin API",
        key);
  }

  private void kafkaProperties() {
    for (String property : config.kafka().properties().keySet()) {
      rule(
          !OURS.contains(property),
          "not for you to set: the protocol depends on it, or it has a key of its own",
          "remove it",
          "kafka.properties." + property);
    }
  }

  private void form(String key, Pattern pattern, String value, String expected) {
    Predicate<String> matches = pattern.asMatchPredicate();
    rule(matches.test(value), "'" + value + "': expected " + expected, "", key);
  }

  /**
   * @param keys that the rule looks at; the first one that was given is blamed
   */
  private void rule(boolean holds, String message, String hint, String... keys) {
    List<String> names = List.of(keys).stream().map(ConfigKey.ROOT::concat).toList();
    if (!holds && names.stream().noneMatch(bad::contains)) {
      RawValue blamed = firstGiven(names);
      String source = blamed == null ? "defaults" : blamed.source();
      String name = blamed == null ? String.join(", ", names) : blamed.written();
      problems.add(new Problem(source, name, message, hint));
    }
  }

  private @Nullable RawValue firstGiven(List<String> names) {
    for (String name : names) {
      if (given.containsKey(name)) {
        return given.get(name);
      }
    }
    return null;
  }
}
