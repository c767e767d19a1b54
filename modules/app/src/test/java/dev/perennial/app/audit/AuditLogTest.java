package dev.perennial.app.audit;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.perennial.app.access.Caller;
import dev.perennial.domain.event.AuditEvent;
import dev.perennial.event.AuditCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AuditLogTest {
  private static final Caller CI = new Caller("key k1 (ci)", Set.of(), java.util.Optional.empty());

  private final AtomicLong nanos = new AtomicLong();
  private final List<AuditEvent> events = new ArrayList<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger("audit");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(lines);
  }

  @Test
  void eachActIsALineAndAnEventThatSayTheSame() {
    trail(Reads.FIRST).tell(act(Action.CONNECTION_DELETE).on("google/acme"));
    trail(Reads.FIRST).tell(act(Action.CONNECTION_DELETE).on("google/b").failed("unavailable"));

    assertThat(events)
        .extracting(AuditEvent::action, AuditEvent::object, AuditEvent::outcome)
        .hasToString(
            "[(\"connection.delete\", \"google/acme\", ALLOWED),"
                + " (\"connection.delete\", \"google/b\", FAILED)]");
    assertThat(lines.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactlyElementsOf(events.stream().map(AuditCodec::line).toList());
    assertThat(events).extracting(AuditEvent::id).doesNotHaveDuplicates();
  }

  @Test
  void theFirstReadOfEachConnectionByEachCallerIsToldOnceAnHour() {
    AuditTrail trail = trail(Reads.FIRST);
    for (int i = 0; i < 3; i++) {
      trail.tell(act(Action.CREDENTIAL_READ).on("google/a"));
      trail.tell(act(Action.CREDENTIAL_READ).on("google/b"));
      trail.tell(Act.by(Caller.admin("other"), Action.CREDENTIAL_READ, "::1").on("google/a"));
    }
    assertThat(events).hasSize(3);

    nanos.addAndGet(Duration.ofHours(1).toNanos());
    trail.tell(act(Action.CREDENTIAL_READ).on("google/a"));
    assertThat(events).hasSize(4);
  }

  @Test
  void readsAreToldAsAskedAndDeniedOnesAlways() {
    for (Reads reads : List.of(Reads.NONE, Reads.ALL)) {
      events.clear();
      AuditTrail trail = trail(reads);
      trail.tell(act(Action.CREDENTIAL_READ).on("google/a"));
      trail.tell(act(Action.CREDENTIAL_READ).on("google/a"));
      trail.tell(act(Action.CREDENTIAL_READ).on("google/a").denied("forbidden"));
      assertThat(events).as(reads.toString()).hasSize(reads == Reads.ALL ? 3 : 1);
    }
  }

  @Test
  void whatIsRememberedOfReadsIsBounded() {
    RecentReads recent = new RecentReads(nanos::get, 2);
    assertThat(recent.isFirst("a", "1")).isTrue();
    assertThat(recent.isFirst("a", "2")).isTrue();
    assertThat(recent.isFirst("a", "3")).isTrue();
    assertThat(recent.isFirst("a", "3")).isFalse();
    assertThat(recent.isFirst("a", "1")).as("forgotten, so told again").isTrue();
  }

  @Test
  void deniedRequestsAreBoundedAndTheNextOneSaysHowManyWereLeftOut() {
    AuditTrail trail = trail(Reads.FIRST);
    for (int i = 0; i < 150; i++) {
      trail.tell(act(Action.REQUEST).denied("unauthorized"));
    }
    assertThat(events).hasSize(100);

    trail.tell(act(Action.REQUEST).denied("forbidden"));
    assertThat(events).as("strangers hide nothing of those who are known").hasSize(101);

    nanos.addAndGet(Duration.ofMillis(100).toNanos());
    trail.tell(act(Action.REQUEST).denied("unauthorized"));
    assertThat(events.getLast().omitted()).isEqualTo(50);
  }

  @Test
  void whatIsNoChangeIsToldOnlyWhereItWasDenied() {
    trail(Reads.FIRST).tell(act(Action.REQUEST));
    trail(Reads.FIRST).tell(act(Action.REQUEST).failed("bad-request"));

    assertThat(events).isEmpty();
  }

  private AuditTrail trail(Reads reads) {
    return new AuditLog(
        reads, () -> Instant.EPOCH, nanos::get, RandomGenerator.getDefault(), events::add);
  }

  private static Act act(Action action) {
    return Act.by(CI, action, "192.0.2.1");
  }
}
