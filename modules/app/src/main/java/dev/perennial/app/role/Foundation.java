package dev.perennial.app.role;

import dev.perennial.app.audit.AuditLog;
import dev.perennial.app.audit.AuditOutbox;
import dev.perennial.app.audit.AuditTrail;
import dev.perennial.app.config.PerennialConfig;
import dev.perennial.app.metric.AuditMeters;
import dev.perennial.app.metric.ExchangeMeters;
import dev.perennial.app.metric.Meters;
import dev.perennial.app.metric.ProviderCallMeters;
import dev.perennial.app.metric.PublishMeters;
import dev.perennial.app.metric.RedisMeters;
import dev.perennial.app.metric.ShardMeters;
import dev.perennial.app.trace.Telemetry;
import dev.perennial.credentials.RedisCensuses;
import dev.perennial.credentials.RedisCodeRecords;
import dev.perennial.credentials.RedisConnectSessions;
import dev.perennial.credentials.RedisConnections;
import dev.perennial.credentials.RedisCredentialStore;
import dev.perennial.credentials.RedisDueIndex;
import dev.perennial.credentials.RedisExchangerReports;
import dev.perennial.credentials.RedisPendingAuthorizations;
import dev.perennial.credentials.RedisRateLimits;
import dev.perennial.domain.Sealer;
import dev.perennial.domain.Shards;
import dev.perennial.domain.authorization.CodeRecords;
import dev.perennial.domain.authorization.ConnectSessions;
import dev.perennial.domain.authorization.PendingAuthorizations;
import dev.perennial.domain.credential.CredentialStore;
import dev.perennial.domain.definition.Integrations;
import dev.perennial.domain.definition.ProviderCalls;
import dev.perennial.domain.event.EventPublisher;
import dev.perennial.domain.refresh.AttemptTimes;
import dev.perennial.domain.refresh.DueIndex;
import dev.perennial.domain.refresh.RateLimits;
import dev.perennial.event.AuditCodec;
import dev.perennial.event.EventCodec;
import dev.perennial.event.SealedPayloads;
import dev.perennial.event.Topics;
import dev.perennial.exchanger.ExchangeListener;
import dev.perennial.exchanger.ExchangerTiming;
import dev.perennial.exchanger.HttpProviderCalls;
import dev.perennial.exchanger.TokenEndpoint;
import dev.perennial.stream.KafkaEventPublisher;
import dev.perennial.stream.KafkaSettings;
import dev.perennial.stream.Tracing;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What every role of a process stands on, made without contact: Kafka and Redis may come later.
 * Thread-safe.
 */
final class Foundation implements AutoCloseable {
  private static final Duration AUDIT_PAUSE = Duration.ofSeconds(1);
  private static final Duration AUDIT_GOODBYE = Duration.ofSeconds(5);

  final PerennialConfig config;
  final Integrations integrations;
  final Sealer sealer;
  final InstantSource clock;
  final SecureRandom random = new SecureRandom();
  final Meters meters;
  final ShardMeters shardMeters;

  final Shards shards;
  final AttemptTimes times;
  final Topics topics;
  final KafkaSettings kafka;
  final EventCodec codec;
  final SealedPayloads payloads;
  final RedisConnections redis;
  final Telemetry telemetry;
  final Tracing tracing;
  final KafkaEventPublisher publisher;
  final EventPublisher events;

  final @Nullable AuditOutbox outbox;
  final AuditTrail audit;

  final CredentialStore store;
  final CodeRecords codes;
  final PendingAuthorizations pending;
  final ConnectSessions sessions;
  final DueIndex due;
  final RateLimits limits;
  final RedisCensuses censuses;
  final RedisExchangerReports exchangerReports;

  final ExchangerTiming timing;
  final TokenEndpoint endpoint;
  final ProviderCalls calls;

  Foundation(
      PerennialConfig config,
      Integrations integrations,
      Sealer sealer,
      NodeOptions options,
      Meters meters) {
    this.config = config;
    this.meters = meters;
    this.clock = options.clock();
    this.integrations = integrations;
    this.sealer = sealer;
    this.shards = new Shards(config.shards());
    this.times = Settings.times(config);
    this.shardMeters = new ShardMeters(meters, clock, config.shards());
    this.topics = new Topics(config.topics().prefix());
    this.kafka = Settings.kafka(config);
    this.codec = new EventCodec(topics, "/" + config.topics().prefix());
    this.payloads = new SealedPayloads(sealer);
    this.telemetry = Settings.telemetry(config.trace());
    this.tracing = telemetry.tracing();
    this.redis =
        new RedisConnections(
            Settings.redis(config), telemetry.redis(new RedisMeters(meters)), System::nanoTime);
    this.publisher = new KafkaEventPublisher(kafka, codec, times.delivery(), tracing);
    this.events = new PublishMeters(publisher, meters, System::nanoTime);
    this.outbox = config.audit().publish() ? outbox() : null;
    AuditMeters.of(meters, outbox);
    this.audit =
        new AuditLog(
            config.audit().reads(),
            clock,
            System::nanoTime,
            random,
            outbox == null ? _ -> {} : outbox);
    this.store = new RedisCredentialStore(redis, shards, times);
    this.codes = new RedisCodeRecords(redis, shards, times);
    this.pending = new RedisPendingAuthorizations(redis, shards, payloads);
    this.sessions = new RedisConnectSessions(redis, shards, payloads);
    this.due = new RedisDueIndex(redis, shards);
    this.limits = new RedisRateLimits(redis, shards);
    this.censuses = new RedisCensuses(redis, shards, clock, System::nanoTime);
    this.exchangerReports = new RedisExchangerReports(redis, shards);
    this.timing =
        new ExchangerTiming(
            times,
            Settings.policy(config),
            Settings.backoff(config, random),
            clock,
            System::nanoTime);
    this.endpoint = new TokenEndpoint(Settings.exchanger(config, options), clock, random);
    this.calls =
        new ProviderCallMeters(
            new HttpProviderCalls(endpoint, timing), meters, integrations, System::nanoTime);
  }

  /** Hears what the exchanger does. */
  ExchangeListener exchanges() {
    return telemetry.exchanges(new ExchangeMeters(meters, integrations));
  }

  private AuditOutbox outbox() {
    AuditCodec audits = new AuditCodec(topics, "/" + config.topics().prefix());
    return new AuditOutbox(
        events -> publisher.publishRecords(events.stream().map(audits::encode).toList()),
        AUDIT_PAUSE,
        AUDIT_GOODBYE);
  }

  /** Where a provider sends the browser back; part of what is registered with it. */
  String redirectUrl(String slug) {
    return config.publicListener().url() + "/callback/" + slug;
  }

  /** The name of a consumer group; part of the public contract. */
  String group(Role role) {
    return config.topics().prefix() + "." + role.text();
  }

  /** That of exchangers, which have one for each of their topics; part of it too. */
  String exchangers(String topic) {
    return group(Role.EXCHANGER) + topic.substring(config.topics().prefix().length());
  }

  @Override
  public void close() {
    endpoint.close();
    if (outbox != null) {
      outbox.close();
    }
    publisher.close();
    redis.close();
    telemetry.close();
  }
}
