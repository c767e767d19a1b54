package dev.perennial.exchanger;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer;
import dev.perennial.domain.Secret;
import dev.perennial.domain.authorization.AuthorizationCode;
import dev.perennial.domain.authorization.Preparation;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Integrations;
import dev.perennial.domain.definition.Lifetime;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.EventPublisher;
import dev.perennial.domain.refresh.AttemptTimes;
import dev.perennial.domain.refresh.Backoff;
import dev.perennial.domain.refresh.RefreshPolicy;
import dev.perennial.event.SealedPayloads;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Both handlers on real HTTP and on fakes of the ports. The store's clock and the wall clock stand
 * still until a test moves them.
 */
final class World implements AutoCloseable {
  static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  Instant now = START;

  /** By so much the monotonic clock is ahead of the machine's. */
  volatile Duration ahead = Duration.ZERO;

  final AttemptTimes times;
  final MemoryStore store;
  final MemoryCodes codes;
  final Outage topics = new Outage();

  /** The waits of seconds of the code handler, and what happens in each. */
  final List<Duration> waits = new CopyOnWriteArrayList<>();

  Runnable onWait = () -> {};
  final List<Event> published = new CopyOnWriteArrayList<>();
  final SealedPayloads payloads = new SealedPayloads(new PlainSealer());
  final TestCalls calls = new TestCalls();
  final TestLimits limits = new TestLimits();
  final TokenEndpoint endpoint;
  final RefreshHandler refreshes;
  final CodeHandler codeHandler;
  private final Map<String, Integration> integrations = new ConcurrentHashMap<>();

  World() {
    this(Duration.ofSeconds(5), ExchangerSettings.DEFAULT.inFlightPerIntegration());
  }

  World(Duration deadline, int inFlight) {
    ExchangerSettings defaults = ExchangerSettings.DEFAULT.withPrivateAddresses("worker");
    ExchangerSettings settings =
        new ExchangerSettings(
            defaults.maxConnections(),
            inFlight,
            defaults.connectTimeout(),
            defaults.maxBody(),
            defaults.maxHeaders(),
            defaults.maxHeaderLine(),
            defaults.idle(),
            true,
            defaults.userAgent(),
            defaults.workerHeader());
    times =
        new AttemptTimes(
            deadline, Duration.ofSeconds(60), Duration.ofSeconds(90), Duration.ofSeconds(10));
    store = new MemoryStore(() -> now, times);
    codes = new MemoryCodes(() -> now, store);
    endpoint = TestRequests.endpoint(settings);
    endpoint.awaitReady(); // what it starts has started
    AtomicInteger attempts = new AtomicInteger();
    ExchangerPorts ports =
        new ExchangerPorts(
            new MemoryIntegrations(integrations),
            store,
            publisher(),
            new PlainSealer(),
            calls,
            limits,
            slug -> "https://app.test/callback/" + slug,
            () -> "attempt-" + attempts.incrementAndGet());
    ExchangerTiming timing =
        new ExchangerTiming(
            times,
            RefreshPolicy.DEFAULT,
            new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(5), new Random(7)),
            () -> now,
            () -> System.nanoTime() + ahead.toNanos());
    Providers providers = new Providers(() -> now);
    refreshes = new RefreshHandler(ports, timing, endpoint, providers, settings);
    codeHandler =
        new CodeHandler(ports, codes, timing, endpoint, providers, new Waiting(new Random(8)));
  }

  /** Waits of seconds pass at once, and the clock is moved for them. */
  private final class Waiting extends Insistence {
    Waiting(Random random) {
      super(random);
    }

    @Override
    boolean pause(Duration length) {
      if (length.compareTo(Duration.ofSeconds(2)) < 0) {
        return super.pause(length);
      }
      waits.add(length);
      now = now.plus(length);
      onWait.run();
      return super.pause(Duration.ZERO);
    }
  }

  private EventPublisher publisher() {
    return event -> topics.step("publish", () -> published.add(event));
  }

  void integration(String slug, URI tokenUri) {
    integration(new TestIntegration(slug, tokenUri, true, Lifetime.UNSAID));
  }

  void integration(Integration integration) {
    integrations.put(integration.slug(), integration);
  }

  /** A connected credential with one hour to live, whose state is on the topic. */
  CredentialState connected(ConnectionKey key) {
    return connected(key, 1, "a1", "refresh_token", "r1", "team", "t");
  }

  /**
   * The same by a certain consent.
   *
   * @param more names and values of the token response in turn
   */
  CredentialState connected(ConnectionKey key, long grant, String accessToken, String... more) {
    Map<String, @Nullable Object> tokens = new LinkedHashMap<>();
    tokens.put("access_token", accessToken);
    for (int i = 0; i < more.length; i += 2) {
      tokens.put(more[i], more[i + 1]);
    }
    Sealed sealed = payloads.seal(key, new TokenResponse(tokens));
    Instant end = now.plusSeconds(3600);
    store.put(key, grant, "consent", new IssuedTokens(sealed, now, end, now, "Bearer", null));
    CredentialState state = store.find(key).orElseThrow();
    store.published(key, state.grant(), state.version());
    store.outage.calls().clear();
    return state;
  }

  Event.RefreshDue due(ConnectionKey key) {
    return due(key, store.row(key).version);
  }

  Event.RefreshDue due(ConnectionKey key, long version) {
    return new Event.RefreshDue(key, version, Event.RefreshDue.Cause.SCHEDULED, now);
  }

  Event.CodeReceived code(ConnectionKey key, String code, Map<String, String> parameters) {
    AuthorizationCode received =
        new AuthorizationCode(Secret.of(code), Secret.of("verifier"), parameters);
    return new Event.CodeReceived(
        key, "consent-" + code, 7, "healing", now, payloads.seal(key, received));
  }

  /** A device authorization that was begun with this answer. */
  Event.CodeReceived device(ConnectionKey key, Map<String, Object> prepared) {
    Preparation preparation =
        new Preparation(Map.of("SHOP", "acme"), Paths.copy(prepared), null, false, null);
    return new Event.CodeReceived(
        key,
        "device",
        7,
        "healing",
        now,
        payloads.seal(key, new AuthorizationCode(null, null, Map.of(), preparation)));
  }

  TokenResponse tokens(ConnectionKey key) {
    CredentialState state = store.find(key).orElseThrow();
    Sealed sealed = state.sealed();
    return sealed == null ? new TokenResponse(Map.of()) : payloads.openTokens(key, sealed);
  }

  /** The credential states said on the topic. */
  List<CredentialState> states() {
    return published.stream()
        .flatMap(event ->
            event instanceof Event.CredentialUpdated(CredentialState state)
                ? Stream.of(state)
                : Stream.empty())
        .toList();
  }

  /** The consents said to have failed. */
  List<Event.AuthorizationFailed> failures() {
    List<Event.AuthorizationFailed> failures = new ArrayList<>();
    for (Event event : published) {
      if (event instanceof Event.AuthorizationFailed failed) {
        failures.add(failed);
      }
    }
    return failures;
  }

  @Override
  public void close() {
    refreshes.close();
    codeHandler.close();
    endpoint.close();
  }

  private record MemoryIntegrations(Map<String, Integration> bySlug) implements Integrations {
    @Override
    public Optional<Integration> find(String slug) {
      return Optional.ofNullable(bySlug.get(slug));
    }

    @Override
    public Collection<Integration> all() {
      return bySlug.values();
    }
  }

  /** Binds bytes to key and purpose as a real one does, and hides nothing. */
  static final class PlainSealer implements Sealer {
    @Override
    public Sealed seal(ConnectionKey key, Purpose purpose, byte[] plain) {
      byte[] prefix = prefix(key, purpose);
      return Sealed.of(
          ByteBuffer.allocate(prefix.length + plain.length).put(prefix).put(plain).array());
    }

    @Override
    public byte[] open(ConnectionKey key, Purpose purpose, Sealed sealed) {
      byte[] prefix = prefix(key, purpose);
      byte[] bytes = sealed.bytes();
      int length = prefix.length;
      if (bytes.length < length || !Arrays.equals(bytes, 0, length, prefix, 0, length)) {
        throw new UnsealableException(key + ": not sealed for this", new IllegalStateException());
      }
      return Arrays.copyOfRange(bytes, length, bytes.length);
    }

    private static byte[] prefix(ConnectionKey key, Purpose purpose) {
      return (key + " " + purpose + " ").getBytes(StandardCharsets.UTF_8);
    }
  }
}
