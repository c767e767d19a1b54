package dev.perennial.app.metric;

import static dev.perennial.app.audit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.audit.AuditOutbox;
import dev.perennial.domain.UnavailableException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AuditMetersTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void whatWaitsForKafkaAndWhatIsLostCanBeSeen() {
    AuditOutbox outbox =
        new AuditOutbox(
            _ -> {
              throw new UnavailableException("Kafka at localhost:1 does not answer.");
            },
            Duration.ofMillis(5),
            Duration.ofMillis(50));
    AuditMeters.of(new Meters(registry), outbox);
    for (int i = 0; i < 3; i++) {
      outbox.accept(event(i));
    }

    assertThat(waiting()).isEqualTo(3);
    assertThat(lost()).isZero();
    outbox.close();
    assertThat(lost()).isEqualTo(3);
  }

  @Test
  void withoutATopicBothAreThereAndStandAtZero() {
    AuditMeters.of(new Meters(registry), null);

    assertThat(waiting()).isZero();
    assertThat(lost()).isZero();
  }

  private double waiting() {
    return registry.get("perennial_audit_events_waiting").gauge().value();
  }

  private double lost() {
    return registry.get("perennial_audit_events_lost_total").functionCounter().count();
  }
}
