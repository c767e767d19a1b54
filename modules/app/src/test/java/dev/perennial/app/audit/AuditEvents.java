package dev.perennial.app.audit;

import dev.perennial.domain.event.AuditEvent;
import dev.perennial.domain.event.AuditEvent.Outcome;
import java.time.Instant;

/** Events as the console and the admin API leave them. */
public final class AuditEvents {
  private AuditEvents() {}

  /** A deletion that was allowed. */
  public static AuditEvent event(int id) {
    return new AuditEvent(
        "" + id,
        Instant.EPOCH,
        "admin.token",
        null,
        "connection.delete",
        "google/acme",
        1,
        null,
        Outcome.ALLOWED,
        null,
        0,
        null);
  }
}
