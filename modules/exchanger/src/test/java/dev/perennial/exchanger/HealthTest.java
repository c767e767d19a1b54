package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.credential.TokenOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HealthTest {
  private static final String TOKENS =
      WireServer.answer("200 OK", "{\"access_token\":\"a2\",\"refresh_token\":\"r2\"}");

  private final World world = new World();
  private Instant now = World.START;

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void an_outage_is_noticed_left_alone_and_made_up_for() throws Exception {
    AtomicBoolean up = new AtomicBoolean();
    try (WireServer server =
        WireServer.answering(_ -> up.get() ? TOKENS : WireServer.answer("503 No", ""))) {
      world.integration("sim", server.uri("/"));
      List<ConnectionKey> all = connections(40);

      all.forEach(this::refresh);

      assertThat(server.requests()).hasSize(Health.LEAST);
      List<ConnectionKey> untouched = all.subList(Health.LEAST, all.size());
      for (ConnectionKey key : untouched) {
        assertThat(world.store.row(key).attempt).isNull();
        assertThat(world.store.row(key).failures).isZero();
        assertThat(world.store.row(key).dueAt)
            .isBetween(
                World.START.plus(Health.STAYS_OPEN).plusSeconds(1),
                World.START.plus(Health.STAYS_OPEN).plusSeconds(2));
      }
      assertThat(world.store.outage.calls()).filteredOn("begin"::equals).hasSize(Health.LEAST);

      world.now = world.now.plus(Health.STAYS_OPEN).plusMillis(1);
      refresh(all.getLast()); // a probe, in vain
      refresh(all.get(20));
      assertThat(server.requests()).hasSize(Health.LEAST + Health.PROBES);
      refresh(all.get(21));
      assertThat(server.requests()).hasSize(Health.LEAST + Health.PROBES);

      up.set(true);
      world.now = world.now.plusSeconds(600);
      all.forEach(this::refresh);
      assertThat(all)
          .allSatisfy(key -> assertThat(world.store.row(key).status).isEqualTo(Status.ACTIVE))
          .allSatisfy(key -> assertThat(world.store.row(key).tokenGen).isEqualTo(2));
    }
  }

  @Test
  void a_person_who_waits_is_let_through_and_counts() throws Exception {
    AtomicBoolean up = new AtomicBoolean();
    try (WireServer server =
        WireServer.answering(_ -> up.get() ? TOKENS : WireServer.answer("503 No", ""))) {
      world.integration("sim", server.uri("/"));
      for (int i = 0; i < Health.LEAST; i++) {
        world.codeHandler.handle(world.code(new ConnectionKey("sim", "c" + i), "c" + i, Map.of()));
      }
      ConnectionKey key = connections(1).getFirst();
      refresh(key);
      assertThat(server.requests()).hasSize(Health.LEAST);

      up.set(true);
      ConnectionKey person = new ConnectionKey("sim", "person");
      world.codeHandler.handle(world.code(person, "c", Map.of()));
      assertThat(world.store.row(person).status).isEqualTo(Status.ACTIVE);
    }
  }

  @Test
  void a_probe_that_could_not_begin_leaves_its_place_to_another() throws Exception {
    try (WireServer server = WireServer.answering(_ -> WireServer.answer("503 No", ""))) {
      world.integration("sim", server.uri("/"));
      List<ConnectionKey> all = connections(14);
      all.subList(0, 10).forEach(this::refresh);
      world.now = world.now.plus(Health.STAYS_OPEN).plusMillis(1);

      for (int i = 0; i < 5; i++) {
        world.refreshes.handle(world.due(all.get(10), 0)); // stale
      }
      refresh(all.get(11));
      refresh(all.get(12));

      assertThat(server.requests()).hasSize(12);
    }
  }

  @Test
  void who_answers_with_an_error_lives() {
    assertThat(opensBy(new TokenOutcome.Refused("HTTP 400 invalid_grant"))).isFalse();
    assertThat(opensBy(new TokenOutcome.Throttled("HTTP 429", null))).isFalse();
    assertThat(opensBy(new TokenOutcome.Misconfigured("HTTP 401 invalid_client"))).isFalse();
    assertThat(opensBy(new TokenOutcome.Unavailable("HTTP 400 invalid_request", null))).isFalse();
    assertThat(opensBy(new TokenOutcome.Unreadable("HTTP 200, empty body", new byte[0]))).isFalse();
    assertThat(opensBy(new TokenOutcome.NotSent("a.test: no free connection"))).isFalse();
    assertThat(opensBy(new TokenOutcome.NotSent("a.test: deadline of 5 ms over before sending")))
        .isFalse();

    assertThat(opensBy(new TokenOutcome.NotSent("a.test: connection refused"))).isTrue();
    assertThat(opensBy(new TokenOutcome.NoAnswer("a.test: deadline of 5 ms over"))).isTrue();
    assertThat(opensBy(new TokenOutcome.Unavailable("HTTP 502", null))).isTrue();
  }

  @Test
  void half_of_the_last_twenty_open_it() {
    Health health = new Health("sim", () -> now, ExchangeListener.NONE);
    for (int i = 0; i < 15; i++) {
      count(health, new TokenOutcome.Refused(""));
    }
    for (int i = 0; i < 9; i++) {
      count(health, new TokenOutcome.NoAnswer(""));
    }
    assertThat(health.enter()).isPresent();
    count(health, new TokenOutcome.NoAnswer(""));
    assertThat(health.enter()).isEmpty();
    assertThat(health.left()).isEqualTo(Health.STAYS_OPEN);

    now = now.plusSeconds(14);
    assertThat(health.enter()).isEmpty();
    assertThat(health.left()).isEqualTo(Duration.ofSeconds(1));
    now = now.plusMillis(1001);
    assertThat(health.enter()).isPresent();
    assertThat(health.enter()).isPresent();
    assertThat(health.enter()).isEmpty();
    assertThat(health.left()).isZero();
  }

  @Test
  void no_thread_is_left_behind() {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    opensBy(new TokenOutcome.NoAnswer(""));
    Set<String> started =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> !before.contains(thread))
            .map(Thread::getName)
            .filter(name -> !name.startsWith("ForkJoinPool"))
            .collect(Collectors.toSet());

    assertThat(started).isEmpty();
  }

  private boolean opensBy(TokenOutcome outcome) {
    Health health = new Health("sim", () -> now, ExchangeListener.NONE);
    for (int i = 0; i < Health.WINDOW; i++) {
      count(health, outcome);
    }
    return health.enter().isEmpty();
  }

  private static void count(Health health, TokenOutcome outcome) {
    health.visit().count(Answer.Bad.of(outcome));
  }

  private List<ConnectionKey> connections(int count) {
    List<ConnectionKey> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ConnectionKey key = new ConnectionKey("sim", "k" + i);
      world.connected(key);
      all.add(key);
    }
    return all;
  }

  private void refresh(ConnectionKey key) {
    world.refreshes.handle(world.due(key));
  }
}
