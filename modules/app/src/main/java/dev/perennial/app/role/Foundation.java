package dev.perennial.app.role;

import dev.perennial.app.config.PerennialConfig;
import dev.perennial.app.trace.Telemetry;
import dev.perennial.credentials.RedisCensuses;
import dev.perennial.credentials.RedisCodeRecords;
import dev.perennial.credentials.RedisConnectSessions;
import dev.perennial.credentials.RedisConnections;
import dev.perennial.credentials.RedisCredentialStore;
import dev.perennial.credentials.RedisDueIndex;
import dev.perennial.credentials.RedisPendingAuthorizations;
import dev.perennial.credentials.RedisRateLimits;
import dev.perennial.credentials.RedisSettings;
import dev.perennial.domain.Sealer;
import dev.perennial.domain.Shards;
import dev.perennial.domain.authorization.CodeRecords;
import dev.perennial.domain.authorization.ConnectSessions;
import dev.perennial.domain.authorization.PendingAuthorizations;
import dev.perennial.domain.credential.CredentialStore;
import dev.perennial.domain.definition.Integrations;
import dev.perennial.domain.definition.ProviderCalls;
import dev.perennial.domain.refresh.AttemptTimes;
import dev.perennial.domain.refresh.DueIndex;
import dev.perennial.domain.refresh.RateLimits;
import dev.perennial.event.EventCodec;
import dev.perennial.event.SealedPayloads;
import dev.perennial.event.Topics;
import dev.perennial.exchanger.ExchangerTiming;
import dev.perennial.exchanger.HttpProviderCalls;
import dev.perennial.exchanger.TokenEndpoint;
import dev.perennial.stream.KafkaEventPublisher;
import dev.perennial.stream.KafkaSettings;
import dev.perennial.stream.Tracing;
import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * What every role of a process stands on, made without contact: Kafka and Redis may come later.
 * Thread-safe.
 */
final class Foundation implements AutoCloseable {
  final PerennialConfig config;
  final Integrations integrations;
  final Sealer sealer;
  final InstantSource clock;
  final SecureRandom random = new SecureRandom();

  final Shards shards;
  final AttemptTimes times;
  final Topics topics;
  final KafkaSettings kafka;
  final EventCodec codec;
  final SealedPayloads payloads;
  final RedisConnections redis;
  final Telemetry telemetry = new Telemetry();
  final Tracing tracing = telemetry.tracing();
  final KafkaEventPublisher publisher;

  final CredentialStore store;
  final CodeRecords codes;
  final PendingAuthorizations pending;
  final ConnectSessions sessions;
  final DueIndex due;
  final RateLimits limits;
  final RedisCensuses censuses;

  final ExchangerTiming timing;
  final TokenEndpoint endpoint;
  final ProviderCalls calls;

  Foundation(
      PerennialConfig config, Integrations integrations, Sealer sealer, NodeOptions options) {
    this.config = config;
    this.clock = options.clock();
    this.integrations = integrations;
    this.sealer = sealer;
    this.shards = new Shards(config.shards());
    this.times = Settings.times(config);
    this.topics = new Topics(config.topics().prefix());
    this.kafka = Settings.kafka(config);
    this.codec = new EventCodec(topics, "/" + config.topics().prefix());
    this.payloads = new SealedPayloads(sealer);
    this.redis =
        new RedisConnections(
            RedisSettings.of(config.redis().uri().reveal(), config.redis().prefix()));
    this.publisher = new KafkaEventPublisher(kafka, codec, times.delivery(), tracing);
    this.store = new RedisCredentialStore(redis, shards, times);
    this.codes = new RedisCodeRecords(redis, shards, times);
    this.pending = new RedisPendingAuthorizations(redis, shards, payloads);
    this.sessions = new RedisConnectSessions(redis, shards, payloads);
    this.due = new RedisDueIndex(redis, shards);
    this.limits = new RedisRateLimits(redis, shards);
    this.censuses = new RedisCensuses(redis, shards, clock, System::nanoTime);
    this.timing =
        new ExchangerTiming(
            times,
            Settings.policy(config),
            Settings.backoff(config, random),
            clock,
            System::nanoTime);
    this.endpoint = new TokenEndpoint(Settings.exchanger(config, options), clock, random);
    this.calls = new HttpProviderCalls(endpoint, timing);
  }

  /** Where a provider sends the browser back; part of what is registered with it. */
  String redirectUrl(String slug) {
    return config.publicListener().url() + "/callback/" + slug;
  }

  /** The name of a consumer group; part of the public contract. */
  String group(Role role) {
    return config.topics().prefix() + "." + role.text();
  }

  @Override
  public void close() {
    endpoint.close();
    publisher.close();
    redis.close();
    telemetry.close();
  }
}
