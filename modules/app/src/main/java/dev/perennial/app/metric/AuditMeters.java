package dev.perennial.app.metric;

import static dev.perennial.app.metric.Metric.AUDIT_LOST;
import static dev.perennial.app.metric.Metric.AUDIT_WAITING;

import dev.perennial.app.audit.AuditOutbox;
import org.jspecify.annotations.Nullable;

/** What becomes of audit events on their way to the topic. */
public final class AuditMeters {
  private AuditMeters() {}

  /**
   * @param outbox null = they go to the log alone
   */
  public static void of(Meters meters, @Nullable AuditOutbox outbox) {
    meters.gauge(AUDIT_WAITING, () -> outbox == null ? 0 : outbox.waiting());
    meters.total(AUDIT_LOST, () -> outbox == null ? 0 : outbox.lost());
  }
}
