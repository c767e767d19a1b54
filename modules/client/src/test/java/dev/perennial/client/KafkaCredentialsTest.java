package dev.perennial.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.perennial.client.CredentialException.Kind;
import dev.perennial.domain.Secret;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.Status;
import dev.perennial.event.Topics;
import dev.perennial.sealing.KeyRing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against a real broker; each test has topics of its own. */
@Timeout(90)
class KafkaCredentialsTest {
  private static final String NAME = "google/acme";
  private static final Instant END = HandTime.START.plusSeconds(3600);
  private static Broker broker;

  private final HandTime hand = new HandTime();
  private final Heard heard = new Heard();
  private Broker.Publisher publisher;

  @BeforeAll
  static void startBroker() {
    broker = new Broker();
  }

  @BeforeEach
  void makeTopics() throws Exception {
    publisher = broker.publisher();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void once_ready_the_newest_version_is_served_and_then_each_that_follows() throws Exception {
    for (long version : new long[] {1, 3, 2, 3, 1}) {
      publisher.refreshed(version, "at" + version, END);
    }
    try (Credentials credentials = following().sealer(publisher.ring).start()) {
      ready(credentials);
      assertThat(credentials.token(NAME).authorization()).isEqualTo("Bearer at3");
      assertThat(credentials.token(States.KEY)).isSameAs(credentials.token(NAME));
      assertThat(credentials.find("google/other")).isEmpty();
      assertThat(credentials.state(NAME)).map(ConnectionState::version).hasValue(3L);
      assertThat(credentials.state(NAME)).map(ConnectionState::scope).hasValue("mail");

      publisher.refreshed(9, "at9", END); // the versions between never were, or were compacted away
      Until.holds(() -> credentials.token(NAME).version() == 9);
    }
  }

  @Test
  void a_listener_hears_what_happens_from_now_on_in_order() throws Exception {
    publisher.refreshed(1, "at1", END);
    try (Credentials credentials = following().sealer(publisher.ring).listener(heard).start()) {
      ready(credentials);
      publisher.refreshed(2, "at2", END);
      say(3, Status.REFRESH_FAILING, Change.REFRESH_FAILED);
      say(4, Status.ACTIVE, Change.EXPIRING);
      say(5, Status.REAUTHORIZATION_REQUIRED, Change.REAUTHORIZATION_REQUIRED);
      say(6, Status.ACTIVE, Change.CONNECTED);
      say(7, Status.EXPIRED, Change.EXPIRED);
      publisher.say(States.of(States.KEY, 8, Status.DELETED, Change.DELETED, null, null));
      assertThat(heard.next()).isEqualTo("refreshed google/acme 2");
      assertThat(heard.next()).isEqualTo("refreshFailed google/acme 3");
      assertThat(heard.next()).isEqualTo("expiring google/acme 4");
      assertThat(heard.next()).isEqualTo("reauthorizationRequired google/acme 5");
      assertThat(heard.next()).isEqualTo("connected google/acme 6");
      assertThat(heard.next()).isEqualTo("expired google/acme 7");
      assertThat(heard.next()).isEqualTo("deleted google/acme 8");
      assertThat(heard.thread).isEqualTo("perennial-listener");
    }
  }

  @Test
  void with_replay_it_hears_what_was_before_too_and_may_fail_and_ask() throws Exception {
    publisher.refreshed(1, "at1", END);
    publisher.refreshed(2, "at2", END);
    CompletableFuture<Token> asked = new CompletableFuture<>();
    CompletableFuture<Credentials> started = new CompletableFuture<>();
    CredentialsListener listener =
        new CredentialsListener() {
          @Override
          public void connected(ConnectionState state) {
            throw new IllegalStateException("thrown by the test's listener");
          }

          @Override
          public void refreshed(ConnectionState state) {
            asked.complete(started.join().awaitFresh(NAME, Duration.ZERO));
          }
        };
    try (Credentials credentials =
        following().sealer(publisher.ring).listener(listener).replay(true).start()) {
      started.complete(credentials);
      assertThat(asked.get(30, TimeUnit.SECONDS).version()).isEqualTo(2);
    }
  }

  @Test
  void while_kafka_is_away_tokens_are_served_and_staleness_rises_and_falls_again()
      throws Exception {
    publisher.refreshed(1, "at1", END);
    try (Credentials credentials = following().sealer(publisher.ring).start()) {
      ready(credentials);
      assertThat(credentials.lag()).isZero();
      hand.pass(Duration.ofSeconds(10));
      Until.holds(() -> credentials.staleness().isZero());

      broker.kafka.kill();
      hand.pass(Duration.ofSeconds(500));
      assertThat(credentials.token(NAME).version()).isEqualTo(1);
      assertThat(credentials.staleness()).isGreaterThanOrEqualTo(Duration.ofSeconds(500));
      hand.pass(
          Duration.ofSeconds(500)); // an empty poll of a consumer that is cut off says nothing
      assertThat(credentials.staleness()).isGreaterThanOrEqualTo(Duration.ofSeconds(1000));

      broker.kafka.restart();
      publisher.refreshed(2, "at2", END);
      Until.holds(() -> credentials.token(NAME).version() == 2);
      hand.pass(Duration.ofSeconds(10));
      Until.holds(() -> credentials.staleness().isZero());
    }
  }

  @Test
  void too_little_left_asks_for_one_refresh_and_waits_for_the_version_it_brings() throws Exception {
    publisher.refreshed(1, "at1", HandTime.START.plusSeconds(60));
    try (AdminStub admin = new AdminStub();
        Credentials credentials =
            following().sealer(publisher.ring).admin(admin.uri(), AdminStub.KEY).start()) {
      admin.put(NAME, 1, "at1", null);
      admin.onRefresh = () -> refreshed(2, HandTime.START.plusSeconds(120));
      CompletableFuture<Token> one =
          credentials.fresh(NAME, Duration.ofSeconds(90), Credentials.DEFAULT_WAIT);
      assertThat(credentials.awaitFresh(NAME, Duration.ofSeconds(90)).version()).isEqualTo(2);
      assertThat(one.join().version()).isEqualTo(2);
      assertThat(admin.requests).containsExactly("POST /v1/connections/google/acme/refresh");

      Token refused = credentials.token(NAME);
      admin.onRefresh = () -> refreshed(3, HandTime.START.plusSeconds(180));
      assertThat(credentials.awaitNewer(refused, Credentials.DEFAULT_WAIT).version()).isEqualTo(3);
      assertThat(admin.count("POST")).isEqualTo(2);
    }
  }

  @Test
  void a_refresh_that_the_api_refuses_ends_the_waiting_and_one_that_is_away_does_not()
      throws Exception {
    publisher.refreshed(1, "at1", HandTime.START.plusSeconds(60));
    try (AdminStub admin = new AdminStub();
        Credentials credentials =
            following().sealer(publisher.ring).admin(admin.uri(), AdminStub.KEY).start()) {
      ready(credentials); // the API knows no such connection
      assertThat(
              catchThrowableOfType(
                  CredentialException.class,
                  () -> credentials.awaitFresh(NAME, Duration.ofHours(1))))
          .extracting(CredentialException::kind)
          .isEqualTo(Kind.UNKNOWN_CONNECTION);

      admin.mood = "broken";
      hand.pass(Duration.ofSeconds(6)); // none is asked for again before 5 s
      CompletableFuture<Token> waiting =
          credentials.fresh(NAME, Duration.ofSeconds(90), Credentials.DEFAULT_WAIT);
      Until.holds(() -> admin.count("POST") == 2);
      publisher.refreshed(2, "at2", HandTime.START.plusSeconds(120));
      assertThat(waiting.get(30, TimeUnit.SECONDS).version()).isEqualTo(2);
    }
  }

  @Test
  void without_a_key_ring_there_are_states_and_the_tokens_come_from_the_api() throws Exception {
    publisher.refreshed(1, "at1", END);
    try (Credentials credentials = following().start()) {
      ready(credentials);
      assertThat(credentials.state(NAME)).map(ConnectionState::version).hasValue(1L);
      assertThat(refusal(credentials, NAME).kind()).isEqualTo(Kind.NO_KEY_RING);
      assertThat(refusal(credentials, "google/other").kind()).isEqualTo(Kind.UNKNOWN_CONNECTION);
    }
    try (AdminStub admin = new AdminStub();
        Credentials credentials = following().admin(admin.uri(), AdminStub.KEY).start()) {
      admin.put(NAME, 1, "at1", END);
      ready(credentials);
      assertThat(credentials.token(NAME).accessToken()).isEqualTo(Secret.of("at1"));
      admin.put(NAME, 2, "at2", END);
      publisher.refreshed(2, "at2", END);
      Until.holds(() -> credentials.token(NAME).version() == 2);
      assertThat(admin.count("GET")).isEqualTo(1);
      assertThat(credentials.state(NAME)).map(ConnectionState::version).hasValue(2L);
    }
  }

  @Test
  void a_key_ring_that_was_rotated_is_read_again(@TempDir Path directory) throws Exception {
    String before = publisher.ring.rotate();
    Path file = Files.writeString(directory.resolve("keys.json"), KeyRing.generate());
    publisher.refreshed(1, "at1", END);
    try (Credentials credentials = following().keyRing(file).start()) {
      ready(credentials);
      assertThat(refusal(credentials, NAME).kind()).isEqualTo(Kind.UNREADABLE);
      Files.writeString(file, before);
      Files.setLastModifiedTime(file, FileTime.from(HandTime.START));
      assertThat(credentials.token(NAME).accessToken()).isEqualTo(Secret.of("at1"));
    }
  }

  @Test
  void closed_it_gives_nothing_and_leaves_no_thread() throws Exception {
    publisher.refreshed(1, "at1", END);
    Credentials credentials = following().sealer(publisher.ring).listener(heard).start();
    ready(credentials);
    credentials.token(NAME);
    CompletableFuture<Token> waiting =
        credentials.fresh(NAME, Duration.ofDays(1), Credentials.DEFAULT_WAIT);
    credentials.close();
    assertThat(refusal(credentials, NAME)).hasMessageContaining("closed");
    assertThatThrownBy(waiting::join).hasMessageContaining("closed");
    Until.holds(() ->
        Thread.getAllStackTraces().keySet().stream()
            .noneMatch(it ->
                it.getName().equals("perennial-events")
                    || it.getName().equals("perennial-listener")));
  }

  @Test
  void closed_before_it_was_ready_it_says_so() {
    Credentials credentials =
        Credentials.onKafka(broker.properties())
            .topics(new Topics("nowhere"))
            .sealer(publisher.ring)
            .start();
    CompletableFuture<Token> waiting =
        credentials.fresh(NAME, Duration.ZERO, Credentials.DEFAULT_WAIT);
    assertThat(credentials.lag()).isEqualTo(-1);
    credentials.close();
    assertThatThrownBy(() -> credentials.ready().join()).isInstanceOf(CompletionException.class);
    assertThatThrownBy(waiting::join).hasCauseInstanceOf(CredentialException.class);
  }

  private KafkaCredentialsBuilder following() {
    return Credentials.onKafka(broker.properties()).topics(publisher.topics).time(hand.time);
  }

  private static void ready(Credentials credentials) throws Exception {
    credentials.ready().get(30, TimeUnit.SECONDS);
  }

  private void refreshed(long version, Instant end) {
    try {
      publisher.refreshed(version, "at" + version, end);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void say(long version, Status status, Change change) throws Exception {
    publisher.say(
        States.of(
            States.KEY,
            version,
            status,
            change,
            publisher.sealed(States.KEY, "at" + version),
            END));
  }

  private static CredentialException refusal(Credentials credentials, String name) {
    CredentialException refusal =
        catchThrowableOfType(CredentialException.class, () -> credentials.token(name));
    assertThat(refusal).hasMessageContaining(name);
    return refusal;
  }
}
