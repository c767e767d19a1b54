package dev.perennial.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.perennial.client.CredentialException.Kind;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer;
import dev.perennial.domain.Secret;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.event.SealedPayloads;
import dev.perennial.sealing.KeyRing;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Without Kafka: states are fed by hand, and time stands still. */
@Timeout(60)
class SealedTokensTest {
  private static final String NAME = "google/acme";
  private static final Duration WAIT = Duration.ofSeconds(30);
  private static final Instant END = HandTime.START.plusSeconds(60);

  private final HandTime hand = new HandTime();
  private final AtomicInteger opened = new AtomicInteger();
  private final Sealer sealer = counting(KeyRing.read(KeyRing.generate()));
  private final SealedPayloads payloads = new SealedPayloads(sealer);
  private final TopicView view = new TopicView(new Announcer(null), false);
  private final CompletableFuture<@Nullable Void> ready = new CompletableFuture<>();
  private final SealedTokens tokens = new SealedTokens(view, ready, payloads, null, hand.time);

  SealedTokensTest() {
    view.onChange(tokens::changed);
  }

  @Test
  void a_token_comes_from_memory_and_its_seal_is_opened_once() {
    becomeReady();
    say(1, Status.ACTIVE, "at1", END);
    Token token = tokens.token(NAME);
    assertThat(tokens.token(NAME)).isSameAs(token);
    assertThat(opened).hasValue(1);
    assertThat(token.accessToken()).isEqualTo(Secret.of("at1"));
    assertThat(token.authorization()).isEqualTo("Bearer at1");
    assertThat(token.expiresAt()).hasValue(END);
    assertThat(token.version()).isEqualTo(1);
    assertThat(token.grant()).isEqualTo(1);
    assertThat(token.connection()).isEqualTo(States.KEY);
    assertThat(token.values())
        .containsEntry("instance_url", "https://eu7.example.com")
        .doesNotContainKey("refresh_token");

    say(2, Status.ACTIVE, "at2", END);
    assertThat(tokens.token(NAME).accessToken()).isEqualTo(Secret.of("at2"));
    assertThat(opened).hasValue(2);
  }

  @Test
  void a_name_without_slash_means_the_default_connection() {
    becomeReady();
    ConnectionKey key = new ConnectionKey("google", "default");
    feed(States.of(key, 1, Status.ACTIVE, Change.CONNECTED, sealed(key, "at1"), null));
    assertThat(tokens.token("google").accessToken()).isEqualTo(Secret.of("at1"));
    assertThatThrownBy(() -> tokens.token("Google/ acme"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void before_the_view_has_caught_up_nothing_is_told() {
    say(1, Status.ACTIVE, "at1", END);
    assertThat(refusal().kind()).isEqualTo(Kind.NOT_READY);
    becomeReady();
    assertThat(tokens.token(NAME).version()).isEqualTo(1);
    view.close();
    assertThat(refusal()).hasMessageContaining("closed");
  }

  @Test
  void each_problem_names_the_connection_the_state_and_the_next_step() {
    becomeReady();
    expect(Kind.UNKNOWN_CONNECTION, "perennial connect google");
    say(1, Status.ACTIVE, "at1", END);
    hand.pass(Duration.ofSeconds(60));
    expect(Kind.EXPIRED, "2026-01-01T00:01:00Z", "awaitFresh");
    say(2, Status.REAUTHORIZATION_REQUIRED, "at1", END);
    expect(Kind.REAUTHORIZATION_REQUIRED, "refused", "perennial connect google --connection acme");
    say(3, Status.EXPIRED, "at1", END);
    expect(Kind.EXPIRED);
    feed(States.of(States.KEY, 4, Status.DELETED, Change.DELETED, null, null));
    expect(Kind.DELETED, "deleted");
    view.forgotten(States.KEY);
    expect(Kind.UNKNOWN_CONNECTION);
  }

  @Test
  void a_token_is_served_until_its_end_though_a_new_consent_is_required() {
    becomeReady();
    say(1, Status.REAUTHORIZATION_REQUIRED, "at1", END);
    assertThat(tokens.token(NAME).version()).isEqualTo(1);
    hand.pass(Duration.ofSeconds(59));
    assertThat(tokens.token(NAME).version()).isEqualTo(1);
    hand.pass(Duration.ofSeconds(1));
    expect(Kind.REAUTHORIZATION_REQUIRED);
    say(2, Status.REAUTHORIZATION_REQUIRED, "permanent", null);
    expect(Kind.REAUTHORIZATION_REQUIRED);
  }

  @Test
  void what_the_ring_does_not_open_is_told_and_later_versions_are_not_harmed() {
    becomeReady();
    Sealed foreign =
        new SealedPayloads(KeyRing.read(KeyRing.generate()))
            .seal(States.KEY, response("access_token", "at1"));
    feed(States.of(States.KEY, 1, Status.ACTIVE, Change.CONNECTED, foreign, END));
    expect(Kind.UNREADABLE, "ring");
    Sealed empty = payloads.seal(States.KEY, response("token", "x"));
    feed(States.of(States.KEY, 2, Status.ACTIVE, Change.CONNECTED, empty, END));
    expect(Kind.UNREADABLE, "access_token");
    say(3, Status.ACTIVE, "at3", END);
    assertThat(tokens.token(NAME).version()).isEqualTo(3);
  }

  @Test
  void enough_left_is_answered_at_once_and_too_little_waits_for_the_version_that_has_it() {
    becomeReady();
    say(1, Status.ACTIVE, "at1", END);
    assertThat(fresh(Duration.ofSeconds(59)).join().version())
        .as("opened on a thread of the pool, as it is the first to ask")
        .isEqualTo(1);
    assertThat(fresh(Duration.ofSeconds(59))).isCompletedWithValueMatching(t -> t.version() == 1);

    CompletableFuture<Token> waiting = fresh(Duration.ofSeconds(60));
    assertThat(waiting).isNotDone();
    say(2, Status.REFRESH_FAILING, "at1", END);
    assertThat(waiting).isNotDone();
    say(3, Status.ACTIVE, "at3", END.plusSeconds(60));
    assertThat(waiting.join().version()).isEqualTo(3);
  }

  @Test
  void waiting_begins_before_the_view_is_ready() {
    CompletableFuture<Token> waiting = fresh(Duration.ofSeconds(10));
    say(1, Status.ACTIVE, "at1", END);
    assertThat(waiting).isNotDone();
    becomeReady();
    assertThat(waiting.join().version()).isEqualTo(1);
  }

  @Test
  void waiting_ends_at_once_where_it_cannot_help() {
    becomeReady();
    assertThat(failure(fresh(Duration.ofSeconds(1))).kind()).isEqualTo(Kind.UNKNOWN_CONNECTION);
    say(1, Status.ACTIVE, "at1", END);
    CompletableFuture<Token> refused = fresh(Duration.ofSeconds(60));
    CompletableFuture<Token> tooShort = fresh(Duration.ofSeconds(90));
    say(2, Status.ACTIVE, "at2", END.plusSeconds(10));
    assertThat(refused.join().version()).isEqualTo(2);
    assertThat(failure(tooShort)).hasMessageContaining("does not live PT1M30S");

    CompletableFuture<Token> hopeless = fresh(Duration.ofSeconds(80));
    say(3, Status.REAUTHORIZATION_REQUIRED, "at2", END.plusSeconds(10));
    assertThat(failure(hopeless).kind()).isEqualTo(Kind.REAUTHORIZATION_REQUIRED);

    say(4, Status.ACTIVE, "at4", END);
    CompletableFuture<Token> closed = fresh(Duration.ofSeconds(80));
    view.close();
    tokens.close();
    assertThat(failure(closed)).hasMessageContaining("closed");
  }

  @Test
  void the_time_to_wait_is_bounded() {
    becomeReady();
    say(1, Status.ACTIVE, "at1", END);
    CompletableFuture<Token> late =
        tokens.fresh(States.KEY, Duration.ofSeconds(70), Duration.ofMillis(20));
    assertThat(failure(late)).extracting(CredentialException::kind).isEqualTo(Kind.NOT_FRESH);
    assertThat(failure(late))
        .hasMessageContainingAll(NAME, "active", "PT0.02S", "without admin(…) none was asked for");
  }

  @Test
  void a_token_after_a_refused_one_is_another_token() {
    becomeReady();
    say(1, Status.ACTIVE, "at1", END);
    Token refused = tokens.token(NAME);
    CompletableFuture<Token> newer = tokens.newer(refused, WAIT);
    say(2, Status.REFRESH_FAILING, "at1", END);
    assertThat(newer).isNotDone();
    say(3, Status.ACTIVE, "at3", END);
    assertThat(newer.join().version()).isEqualTo(3);
    assertThat(tokens.newer(refused, WAIT).join().version()).isEqualTo(3);
  }

  @Test
  void the_public_door_throws_what_the_future_fails_with() {
    becomeReady();
    assertThat(
            catchThrowableOfType(
                CredentialException.class,
                () -> Futures.join(States.KEY, fresh(Duration.ofSeconds(1)))))
        .extracting(CredentialException::connection)
        .isEqualTo(States.KEY);
    say(1, Status.ACTIVE, "at1", END);
    Thread.currentThread().interrupt();
    assertThat(
            catchThrowableOfType(
                CredentialException.class,
                () -> Futures.join(States.KEY, fresh(Duration.ofSeconds(90)))))
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void nothing_of_all_this_prints_a_token() {
    becomeReady();
    say(1, Status.ACTIVE, "planted", END);
    Token token = tokens.token(NAME);
    assertThat(List.of(token, token.accessToken(), fresh(Duration.ZERO), refusalOf("google/other")))
        .allSatisfy(thing -> assertThat(thing.toString()).doesNotContain("planted"));
    assertThat(token).hasToString("google/acme version 1 until 2026-01-01T00:01:00Z");
  }

  private void becomeReady() {
    view.caughtUp();
    ready.complete(null);
  }

  private void say(long version, Status status, String accessToken, @Nullable Instant end) {
    feed(
        States.of(
            States.KEY, version, status, Change.REFRESHED, sealed(States.KEY, accessToken), end));
  }

  private void feed(CredentialState state) {
    view.updated(new CredentialUpdate(state, payloads));
  }

  private Sealed sealed(ConnectionKey key, String accessToken) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("access_token", accessToken);
    values.put("refresh_token", "planted-rt");
    values.put("instance_url", "https://eu7.example.com");
    return payloads.seal(key, new TokenResponse(values));
  }

  private static TokenResponse response(String name, String value) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put(name, value);
    return new TokenResponse(values);
  }

  private CompletableFuture<Token> fresh(Duration least) {
    return tokens.fresh(States.KEY, least, WAIT);
  }

  private CredentialException refusal() {
    return refusalOf(NAME);
  }

  private CredentialException refusalOf(String name) {
    return catchThrowableOfType(CredentialException.class, () -> tokens.token(name));
  }

  private void expect(Kind kind, String... parts) {
    assertThat(refusal()).hasMessageContaining(NAME);
    assertThat(List.of(parts)).allSatisfy(it -> assertThat(refusal()).hasMessageContaining(it));
    assertThat(refusal().kind()).isEqualTo(kind);
  }

  private static CredentialException failure(CompletableFuture<Token> future) {
    return catchThrowableOfType(CredentialException.class, () -> Futures.join(States.KEY, future));
  }

  private Sealer counting(Sealer real) {
    return new Sealer() {
      @Override
      public Sealed seal(ConnectionKey key, Purpose purpose, byte[] plain) {
        return real.seal(key, purpose, plain);
      }

      @Override
      public byte[] open(ConnectionKey key, Purpose purpose, Sealed sealed) {
        opened.incrementAndGet();
        return real.open(key, purpose, sealed);
      }
    };
  }
}
