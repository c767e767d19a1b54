package dev.perennial.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.GrantEnd;
import dev.perennial.domain.credential.Status;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EventPrinterTest {
  private static final Instant AT = Instant.parse("2026-05-01T10:00:00.5Z");

  @Test
  void aWarningSaysUntilWhenToConnectAgain() {
    assertThat(printed(Change.EXPIRING))
        .startsWith("2026-05-01T10:00:00Z")
        .contains("google/acme", "expiring", "version 8, active")
        .endsWith(", expires 2026-05-01T11:00:00Z, connect again before 2026-05-04T10:00:00Z");
    assertThat(printed(Change.REFRESHED)).endsWith(", expires 2026-05-01T11:00:00Z");
  }

  private static String printed(Change change) {
    StringWriter out = new StringWriter();
    CredentialState state =
        new CredentialState(
            ConnectionKey.parse("google/acme"),
            1,
            3,
            8,
            Status.ACTIVE,
            change,
            null,
            Sealed.of(new byte[] {1}),
            AT,
            AT.plusSeconds(3600),
            null,
            "Bearer",
            null,
            AT,
            new GrantEnd(AT.plus(Duration.ofDays(3)), false),
            Duration.ofDays(3));
    new EventPrinter(new PrintWriter(out)).updated(state);
    return out.toString().strip();
  }
}
