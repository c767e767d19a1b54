package dev.perennial.app.role;

import dev.perennial.app.config.PerennialConfig;
import dev.perennial.app.trace.Telemetry;
import dev.perennial.credentials.RedisSettings;
import dev.perennial.credentials.RedisSettings.SentinelLogin;
import dev.perennial.domain.refresh.AttemptTimes;
import dev.perennial.domain.refresh.Backoff;
import dev.perennial.domain.refresh.RefreshPolicy;
import dev.perennial.event.TopicSpec;
import dev.perennial.event.Topics;
import dev.perennial.exchanger.ExchangerSettings;
import dev.perennial.ingress.IngressSettings;
import dev.perennial.ingress.limit.AddressRange;
import dev.perennial.ingress.limit.Clients;
import dev.perennial.ingress.limit.RequestLimit;
import dev.perennial.stream.GroupProtocol;
import dev.perennial.stream.KafkaSettings;
import dev.perennial.stream.WorkerSettings;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** From the configuration's words to each room's own. */
final class Settings {
  private Settings() {}

  static AttemptTimes times(PerennialConfig config) {
    PerennialConfig.Refresh refresh = config.refresh();
    return new AttemptTimes(
        refresh.deadline(), refresh.lease(), refresh.reemit(), refresh.delivery());
  }

  static RefreshPolicy policy(PerennialConfig config) {
    PerennialConfig.Refresh refresh = config.refresh();
    return new RefreshPolicy(refresh.share(), refresh.margin().orElse(null), refresh.jitter());
  }

  static Backoff backoff(PerennialConfig config, RandomGenerator random) {
    return new Backoff(config.refresh().backoffFirst(), config.refresh().backoffMost(), random);
  }

  static KafkaSettings kafka(PerennialConfig config) {
    Map<String, String> extra =
        config.kafka().properties().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().reveal()));
    return new KafkaSettings(config.kafka().bootstrapServers(), config.topics().prefix(), extra);
  }

  /** The topics that this installation has, as they must be. */
  static List<TopicSpec> topics(PerennialConfig config) {
    Topics topics = new Topics(config.topics().prefix());
    return topics.all(config.shards(), config.audit().retention()).stream()
        .filter(topic -> config.audit().publish() || !topic.name().equals(topics.audit()))
        .toList();
  }

  static RedisSettings redis(PerennialConfig config) {
    PerennialConfig.Redis redis = config.redis();
    return RedisSettings.of(redis.uri().address(), redis.prefix())
        .withSentinels(
            new SentinelLogin(
                redis.sentinel().username().orElse(null), redis.sentinel().password().orElse(null)))
        .withTls(RedisTls.of(redis.tls()));
  }

  static GroupProtocol protocol(PerennialConfig config) {
    return switch (config.kafka().groupProtocol()) {
      case CLASSIC -> GroupProtocol.CLASSIC;
      case CONSUMER -> GroupProtocol.CONSUMER;
    };
  }

  static WorkerSettings worker(
      PerennialConfig config, String group, String topic, String deadLetters) {
    return WorkerSettings.of(group, topic, deadLetters)
        .withLimits(config.exchanger().maxInFlight(), 10_000)
        .withTimes(config.drain(), config.kafka().sessionTimeout())
        .withProtocol(protocol(config));
  }

  static ExchangerSettings exchanger(PerennialConfig config, NodeOptions options) {
    ExchangerSettings base = ExchangerSettings.DEFAULT;
    return new ExchangerSettings(
        Math.max(base.maxConnections(), config.exchanger().maxInFlight()),
        config.exchanger().perIntegration(),
        base.connectTimeout(),
        base.maxBody(),
        base.maxHeaders(),
        base.maxHeaderLine(),
        base.idle(),
        config.exchanger().allowPrivateAddresses(),
        base.userAgent(),
        options.worker());
  }

  static IngressSettings ingress(PerennialConfig config, NodeOptions options) {
    return new IngressSettings(
        config.publicListener().url(),
        options.openConnect(),
        returnOrigins(config),
        config.connect().stateValid(),
        config.refresh().delivery().plusSeconds(30));
  }

  static Telemetry telemetry(PerennialConfig.Trace trace) {
    Optional<URI> collector = trace.otlpEndpoint();
    return collector.isPresent() ? Telemetry.to(collector.get(), trace.sample()) : Telemetry.off();
  }

  static RequestLimit limit(PerennialConfig config) {
    PerennialConfig.PublicListener open = config.publicListener();
    List<AddressRange> trusted =
        open.trustedProxies().orElse(List.of()).stream().map(AddressRange::parse).toList();
    return new RequestLimit(
        new Clients(trusted, open.forwardedHeader()),
        open.limitPerClient(),
        open.limitTotal(),
        System::nanoTime);
  }

  static Set<String> returnOrigins(PerennialConfig config) {
    return Set.copyOf(config.connect().returnOrigins().orElse(List.of()));
  }
}
