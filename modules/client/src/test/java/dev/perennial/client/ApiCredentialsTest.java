package dev.perennial.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.perennial.client.CredentialException.Kind;
import dev.perennial.domain.Secret;
import dev.perennial.domain.credential.Status;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a small server that answers as the contract of the admin API says. */
@Timeout(60)
class ApiCredentialsTest {
  private static final String NAME = "google/acme";
  private static final Duration WAIT = Duration.ofSeconds(20);
  private static final Duration NEVER = Duration.ofHours(1);
  private static final Duration SOON = Duration.ofMillis(20);

  private final HandTime hand = new HandTime();
  private final Heard heard = new Heard();
  private final AdminStub admin;

  ApiCredentialsTest() throws IOException {
    admin = new AdminStub();
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  @Test
  void a_connection_is_fetched_once_and_then_comes_from_memory() {
    admin.put(NAME, 7, "at7", hand.now().plusSeconds(60));
    try (Credentials credentials = start(NEVER)) {
      assertThat(credentials.ready()).isCompleted();
      assertThat(credentials.state(NAME)).isEmpty();
      Token token = credentials.token(NAME);
      assertThat(credentials.token(NAME)).isSameAs(token);
      assertThat(credentials.find(NAME)).hasValue(token);
      assertThat(token.authorization()).isEqualTo("Bearer at7");
      assertThat(token.version()).isEqualTo(7);
      assertThat(token.grant()).isEqualTo(1);
      assertThat(token.values()).containsEntry("scope", "mail");
      assertThat(credentials.state(NAME)).map(ConnectionState::status).hasValue(Status.ACTIVE);
      assertThat(admin.requests).containsExactly("GET /v1/connections/google/acme/credentials");
    }
  }

  @Test
  void rounds_of_conditional_requests_bring_what_has_changed() throws Exception {
    admin.put(NAME, 1, "at1", hand.now().plusSeconds(60));
    admin.put("google/other", 1, "other1", null);
    try (Credentials credentials = start(SOON)) {
      credentials.token(NAME);
      credentials.token("google/other");
      admin.put(NAME, 2, "at2", hand.now().plusSeconds(60));
      assertThat(heard.next()).isEqualTo("refreshed google/acme 2");
      assertThat(credentials.token(NAME).version()).isEqualTo(2);
      admin.put(NAME, new AdminStub.Held(2, 3, "at3", null, "active"));
      assertThat(heard.next()).isEqualTo("connected google/acme 3");
      assertThat(heard.thread).isEqualTo("perennial-listener");
      assertThat(admin.count("GET")).as("each was fetched once").isEqualTo(2);
    }
  }

  @Test
  void what_can_no_longer_be_given_is_told_without_asking_again() throws Exception {
    admin.put(NAME, 1, "at1", hand.now().plusSeconds(60));
    try (Credentials credentials = start(SOON)) {
      credentials.token(NAME);
      admin.put(NAME, new AdminStub.Held(1, 2, "", null, "reauthorization_required"));
      assertThat(heard.next()).startsWith("reauthorizationRequired google/acme");
      assertThat(credentials.token(NAME).version()).as("it lives on").isEqualTo(1);
      hand.pass(Duration.ofSeconds(60));
      assertThat(refusal(credentials, NAME).kind()).isEqualTo(Kind.REAUTHORIZATION_REQUIRED);

      admin.put(NAME, new AdminStub.Held(2, 3, "at3", null, "active"));
      assertThat(heard.next()).isEqualTo("connected google/acme 3");
      assertThat(credentials.token(NAME).version()).isEqualTo(3);

      admin.remove(NAME);
      assertThat(heard.next()).startsWith("deleted google/acme");
      assertThat(refusal(credentials, NAME).kind()).isEqualTo(Kind.UNKNOWN_CONNECTION);
      assertThat(admin.count("GET")).as("the first fetch, and the last").isEqualTo(2);
    }
  }

  @Test
  void an_older_answer_that_comes_late_does_not_get_in() {
    admin.put(NAME, 5, "at5", null);
    try (Credentials credentials = start(NEVER)) {
      Token token = credentials.token(NAME);
      admin.put(NAME, 4, "at4", null);
      assertThat(credentials.newer(token, Duration.ofMillis(300)))
          .failsWithin(WAIT)
          .withThrowableThat()
          .withMessageContaining("no fresher token came");
      assertThat(credentials.token(NAME).version()).isEqualTo(5);
    }
  }

  @Test
  void fresh_asks_the_api_to_refresh_where_too_little_is_left() {
    admin.put(NAME, 1, "at1", hand.now().plusSeconds(60));
    try (Credentials credentials = start(NEVER)) {
      Token first = credentials.token(NAME);
      assertThat(credentials.awaitFresh(NAME, Duration.ofSeconds(59))).isSameAs(first);
      admin.onRefresh = () -> admin.put(NAME, 2, "at2", hand.now().plusSeconds(120));
      assertThat(credentials.awaitFresh(NAME, Duration.ofSeconds(90)).version()).isEqualTo(2);
      assertThat(admin.requests)
          .endsWith("GET /v1/connections/google/acme/credentials?min_validity=90s")
          .hasSize(2);
    }
  }

  @Test
  void a_token_near_its_end_is_renewed_before_it() {
    admin.put(NAME, 1, "at1", hand.now().plusSeconds(60));
    admin.onRefresh = () -> admin.put(NAME, 2, "at2", hand.now().plusSeconds(60));
    try (Credentials credentials = start(SOON)) {
      credentials.token(NAME);
      hand.pass(Duration.ofSeconds(47));
      Until.holds(() -> admin.count("POST") > 2);
      assertThat(admin.requests).noneMatch(line -> line.contains("min_validity"));
      hand.pass(Duration.ofSeconds(2)); // a fifth of its life is left: 12 s
      Until.holds(() -> credentials.token(NAME).version() == 2);
      assertThat(admin.requests).anyMatch(line -> line.endsWith("?min_validity=12s"));
    }
  }

  @Test
  void after_a_refused_token_a_refresh_is_asked_for_once_and_the_next_version_is_waited_for() {
    admin.put(NAME, 1, "at1", null);
    try (Credentials credentials = start(NEVER)) {
      Token refused = credentials.token(NAME);
      admin.onRefresh = () -> admin.put(NAME, 2, "at1", null); // the refresh failed at first
      CompletableFuture<Token> newer = credentials.newer(refused, WAIT);
      Until.holds(() -> admin.count("GET") >= 3);
      assertThat(newer).isNotDone();
      admin.put(NAME, 3, "at3", null);
      assertThat(newer.join().version()).isEqualTo(3);
      assertThat(admin.requests)
          .containsExactly(
              "GET /v1/connections/google/acme/credentials",
              "POST /v1/connections/google/acme/refresh",
              "GET /v1/connections/google/acme/credentials?wait=20s unless \"1-1\"",
              "GET /v1/connections/google/acme/credentials?wait=20s unless \"1-2\"");
      assertThat(credentials.awaitNewer(refused, WAIT).version()).isEqualTo(3);
      assertThat(admin.count("POST")).isEqualTo(1);
    }
  }

  @Test
  void while_the_api_is_away_tokens_are_served_from_memory_and_staleness_rises() {
    admin.put(NAME, 1, "at1", hand.now().plusSeconds(3600));
    try (Credentials credentials = start(SOON)) {
      credentials.token(NAME);
      hand.pass(Duration.ofSeconds(5));
      Until.holds(() -> credentials.staleness().isZero());
      assertThat(credentials.lag()).isZero();

      admin.mood = "broken";
      Until.holds(() -> credentials.lag() == 1);
      hand.pass(Duration.ofSeconds(100));
      assertThat(credentials.token(NAME).version()).isEqualTo(1);
      assertThat(credentials.staleness()).isGreaterThanOrEqualTo(Duration.ofSeconds(100));
      assertThat(refusal(credentials, "google/other").kind()).isEqualTo(Kind.UNAVAILABLE);

      admin.mood = "";
      Until.holds(() -> credentials.staleness().isZero());
    }
  }

  @Test
  void answers_have_a_limit_and_requests_a_deadline() {
    admin.put(NAME, 1, "at1", null);
    try (Credentials credentials =
        Credentials.onApi(admin.uri(), AdminStub.KEY).deadline(Duration.ofSeconds(10)).start()) {
      admin.mood = "endless";
      assertThat(refusal(credentials, NAME)).hasMessageContaining("more than 4194304 bytes");
    }
    try (Credentials credentials =
        Credentials.onApi(admin.uri(), AdminStub.KEY).deadline(Duration.ofMillis(50)).start()) {
      admin.mood = "hanging";
      assertThat(refusal(credentials, NAME)).hasMessageContaining("within PT0.05S");
    }
  }

  @Test
  void refusals_of_the_api_are_told_apart() {
    admin.put("google/gone", new AdminStub.Held(1, 2, "", null, "deleted"));
    admin.put("google/ended", new AdminStub.Held(1, 2, "", null, "expired"));
    admin.put("google/failing", new AdminStub.Held(1, 2, "", null, "refresh_failing"));
    try (Credentials credentials = start(NEVER)) {
      assertThat(refusal(credentials, NAME).kind()).isEqualTo(Kind.UNKNOWN_CONNECTION);
      assertThat(refusal(credentials, "google/gone").kind()).isEqualTo(Kind.DELETED);
      assertThat(refusal(credentials, "google/ended").kind()).isEqualTo(Kind.EXPIRED);
      assertThat(refusal(credentials, "google/failing").kind()).isEqualTo(Kind.NOT_FRESH);
    }
    try (Credentials credentials =
        Credentials.onApi(admin.uri(), Secret.of("planted-key")).start()) {
      assertThat(refusal(credentials, NAME))
          .hasMessageContaining("401")
          .hasMessageNotContaining("planted");
      assertThat(refusal(credentials, NAME).kind()).isEqualTo(Kind.NOT_ALLOWED);
    }
    assertThatThrownBy(() -> Credentials.onApi(URI.create("ftp://host"), AdminStub.KEY).start())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void closed_it_gives_nothing_and_leaves_no_thread() {
    admin.put(NAME, 1, "at1", null);
    Credentials credentials = start(NEVER);
    credentials.token(NAME);
    credentials.close();
    assertThat(refusal(credentials, NAME)).hasMessageContaining("closed");
    Until.holds(() ->
        Thread.getAllStackTraces().keySet().stream()
            .noneMatch(
                it -> List.of("perennial-keeper", "perennial-listener").contains(it.getName())));
  }

  private Credentials start(Duration interval) {
    return Credentials.onApi(admin.uri(), AdminStub.KEY)
        .interval(interval)
        .listener(heard)
        .time(hand.time)
        .start();
  }

  private static CredentialException refusal(Credentials credentials, String name) {
    CredentialException refusal =
        catchThrowableOfType(CredentialException.class, () -> credentials.token(name));
    assertThat(refusal).hasMessageContaining(name);
    return refusal;
  }
}
