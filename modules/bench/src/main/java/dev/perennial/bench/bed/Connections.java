package dev.perennial.bench.bed;

import dev.perennial.app.config.PerennialConfig;
import dev.perennial.credentials.RedisConnections;
import dev.perennial.credentials.RedisCredentialStore;
import dev.perennial.credentials.RedisSettings;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.NotReadyException;
import dev.perennial.domain.Secret;
import dev.perennial.domain.Shards;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.CredentialStore;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.Put;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.RefreshDue.Cause;
import dev.perennial.domain.refresh.AttemptTimes;
import dev.perennial.domain.refresh.RefreshPolicy;
import dev.perennial.event.EventCodec;
import dev.perennial.event.SealedPayloads;
import dev.perennial.event.Topics;
import dev.perennial.exchanger.GivenTokens;
import dev.perennial.exchanger.GivenTokens.Times;
import dev.perennial.exchanger.Importing;
import dev.perennial.exchanger.Importing.Result;
import dev.perennial.stream.KafkaEventPublisher;
import dev.perennial.stream.KafkaSettings;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Connections as an import makes them: sealed tokens put by the store's own script, published, and
 * noted as published. Also says that they are due, as the scheduler does. Thread-safe.
 */
public final class Connections implements AutoCloseable {
  private static final int WRITERS = 64;
  private static final int SOME = 500;
  private static final Duration HEALING = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(50);

  private final RedisConnections redis;
  private final Shards shards;
  private final CredentialStore store;
  private final KafkaEventPublisher publisher;
  private final Importing importing;
  private final Integration integration;
  private final String slug;

  public Connections(TestBed bed) {
    this(bed, TestBed.INTEGRATION);
  }

  /** Those of another integration; their numbers are not to be used by the first one. */
  public Connections(TestBed bed, String slug) {
    this.slug = slug;
    PerennialConfig config = bed.config();
    Topics topics = new Topics(config.topics().prefix());
    this.redis =
        new RedisConnections(
            RedisSettings.of(config.redis().uri().reveal(), config.redis().prefix()));
    this.shards = new Shards(config.shards());
    this.store = new RedisCredentialStore(redis, shards, AttemptTimes.DEFAULT);
    this.publisher =
        new KafkaEventPublisher(
            KafkaSettings.of(config.kafka().bootstrapServers(), "bench"),
            new EventCodec(topics, "/bench"),
            Duration.ofSeconds(60));
    this.importing = new Importing(new SealedPayloads(bed.sealer()), RefreshPolicy.DEFAULT);
    this.integration =
        bed.installation()
            .integrations(InstantSource.system(), new SecureRandom())
            .find(slug)
            .orElseThrow();
  }

  /** The connection of this number. */
  public ConnectionKey key(int number) {
    return new ConnectionKey(slug, "c" + number);
  }

  /**
   * Makes those from a number up to another, and returns when all are stored and published.
   *
   * @param dueAt for all of them; null = as the life of their tokens says
   * @param life of the tokens they come with, from now
   */
  public void make(int from, int to, @Nullable Instant dueAt, Duration life) {
    Instant now = InstantSource.system().instant();
    awaitHealed();
    for (int first = from; first < to; first += SOME * WRITERS) {
      List<Future<?>> parts = new ArrayList<>();
      try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
        int end = Math.min(to, first + SOME * WRITERS);
        for (int part = first; part < end; part += SOME) {
          int begin = part;
          parts.add(
              writers.submit(() -> makeSome(begin, Math.min(end, begin + SOME), now, dueAt, life)));
        }
        parts.forEach(Connections::get);
      }
    }
  }

  private void makeSome(int from, int to, Instant now, @Nullable Instant dueAt, Duration life) {
    List<CredentialState> states = new ArrayList<>(to - from);
    for (int number = from; number < to; number++) {
      states.add(put(number, now, dueAt, life));
    }
    publisher.publishAll(states.stream().map(Event.CredentialUpdated::new).toList());
    states.forEach(state -> store.published(state.key(), state.grant(), state.version()));
  }

  private CredentialState put(int number, Instant now, @Nullable Instant dueAt, Duration life) {
    IssuedTokens tokens = tokens(number, now, dueAt, life);
    long grant = now.toEpochMilli() * 1000;
    return switch (store.put(key(number), grant, "seed-" + number, tokens)) {
      case Put.Stored(CredentialState state) -> state;
      case Put.Already(CredentialState state) -> state;
      case Put.Superseded _ -> throw new BedException(key(number) + " was there before");
    };
  }

  private IssuedTokens tokens(int number, Instant now, @Nullable Instant dueAt, Duration life) {
    GivenTokens given =
        new GivenTokens(
            answer(),
            Secret.of("at.seed." + number + "." + "y".repeat(160)),
            Secret.of(RefreshTokens.first(number)),
            new Times(now, now.plus(life), null, now),
            Map.of());
    return switch (importing.tokens(key(number), integration, given, "seed", now)) {
      case Result.Ready(IssuedTokens ready) -> dueAt == null ? ready : due(ready, dueAt);
      case Result.Refused(String why) -> throw new BedException(key(number) + ": " + why);
    };
  }

  private static Map<String, @Nullable Object> answer() {
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("token_type", "Bearer");
    answer.put("scope", "mail.read");
    return answer;
  }

  private static IssuedTokens due(IssuedTokens tokens, Instant at) {
    return new IssuedTokens(
        tokens.sealed(),
        tokens.issuedAt(),
        tokens.expiresAt(),
        at,
        tokens.tokenType(),
        tokens.scope(),
        tokens.grantEnd());
  }

  /** The owner of the shards has brought them up to their topics. */
  public void awaitHealed() {
    long end = System.nanoTime() + HEALING.toNanos();
    while (!isHealed()) {
      if (System.nanoTime() > end) {
        throw new BedException("the shards were not healed within " + HEALING.toSeconds() + " s");
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  /** Keys enough that every shard is asked. */
  private boolean isHealed() {
    try {
      IntStream.range(0, 100).forEach(number -> store.published(key(number), 0, 0));
      return true;
    } catch (NotReadyException e) {
      return false;
    }
  }

  /** The states of those from a number up to another. */
  public Collection<CredentialState> states(int from, int to) {
    return store.find(IntStream.range(from, to).mapToObj(this::key).toList()).values();
  }

  /** Leaves them as a claim does that has said that they are due: to be looked at again later. */
  public void claim(Collection<CredentialState> states) {
    List<Future<?>> claims = new ArrayList<>();
    try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
      for (CredentialState state : states) {
        claims.add(
            each.submit(
                () -> store.postpone(state.key(), state.version(), AttemptTimes.DEFAULT.reemit())));
      }
    }
    claims.forEach(Connections::get);
  }

  /** Says that they are due, and returns when all of it is on the topic. */
  public void sayDue(Collection<CredentialState> states) {
    Instant now = InstantSource.system().instant();
    publisher.publishAll(
        states.stream()
            .map(state -> new Event.RefreshDue(state.key(), state.version(), Cause.SCHEDULED, now))
            .toList());
  }

  /** Whose steps can be looked at one by one. */
  public CredentialStore store() {
    return store;
  }

  /** Where tokens are sealed for it as an exchange would. */
  public IssuedTokens refreshed(int number) {
    return tokens(number, InstantSource.system().instant(), null, Duration.ofHours(1));
  }

  /** Waits for a part that makes some. */
  static void get(Future<?> part) {
    try {
      part.get();
    } catch (ExecutionException e) {
      throw new BedException("connections could not be made or claimed: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BedException("interrupted while connections are made");
    }
  }

  @Override
  public void close() {
    publisher.close();
    redis.close();
  }
}
