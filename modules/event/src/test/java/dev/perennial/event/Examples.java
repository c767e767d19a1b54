package dev.perennial.event;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Failure;
import dev.perennial.domain.credential.GrantEnd;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.event.Event;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One event of every type, the ones that the golden files hold. */
final class Examples {
  static final ConnectionKey KEY = new ConnectionKey("google", "acme");
  static final Sealed SEALED = Sealed.of("not really sealed".getBytes(StandardCharsets.UTF_8));
  static final EventCodec CODEC = new EventCodec(Topics.DEFAULT, "/perennial");

  private static final long GRANT = 1_767_225_600_000_000L;
  private static final Instant AT = Instant.parse("2026-01-01T00:45:00.123Z");

  private Examples() {}

  static List<Event> all() {
    return List.of(
        connected(),
        refreshed(),
        changed(
            Status.REFRESH_FAILING,
            Change.REFRESH_FAILED,
            new Reason(Reason.UNAVAILABLE, "HTTP 503"),
            SEALED),
        changed(
            Status.REAUTHORIZATION_REQUIRED,
            Change.REAUTHORIZATION_REQUIRED,
            new Reason(Reason.REFUSED, "HTTP 400 invalid_grant"),
            SEALED),
        expiring(),
        changed(Status.EXPIRED, Change.EXPIRED, Reason.of("expired"), SEALED),
        changed(Status.ACTIVE, Change.RESEALED, null, SEALED),
        deleted(),
        new Event.CodeReceived(KEY, "a1b2c3", GRANT, "run@1767225600000", AT, SEALED),
        new Event.RefreshDue(KEY, 7, Event.RefreshDue.Cause.SCHEDULED, AT),
        new Event.AuthorizationFailed(
            KEY, "a1b2c3", new Reason(Reason.REFUSED, "HTTP 400 invalid_grant"), AT),
        new Event.AnswerJournaled(KEY, "d4e5f6", 0, true, GRANT, 3, tokens(), AT, lacking()),
        new Event.ConsentJournaled(KEY, "a1b2c3", GRANT, tokens(), AT));
  }

  private static Failure lacking() {
    return new Failure(
        Failure.Kind.UNAVAILABLE,
        new Reason(Reason.UNAVAILABLE, "follow-up 1: HTTP 503"),
        Duration.ofSeconds(30),
        null);
  }

  private static IssuedTokens tokens() {
    return new IssuedTokens(
        SEALED,
        Instant.parse("2026-01-01T00:00:00Z"),
        Instant.parse("2026-01-01T01:00:00Z"),
        Instant.parse("2026-01-01T00:43:30Z"),
        "Bearer",
        "a b",
        new GrantEnd(Instant.parse("2026-03-02T00:00:00Z"), true));
  }

  /** The end stands fast, and three days are the second lead time. */
  private static Event.CredentialUpdated expiring() {
    CredentialState of = changed(Status.ACTIVE, Change.EXPIRING, null, SEALED).state();
    return new Event.CredentialUpdated(
        new CredentialState(
            of.key(),
            of.grant(),
            of.tokenGen(),
            of.version(),
            of.status(),
            of.change(),
            of.reason(),
            of.sealed(),
            of.issuedAt(),
            of.expiresAt(),
            of.nextRefreshAt(),
            of.tokenType(),
            of.scope(),
            of.changedAt(),
            new GrantEnd(Instant.parse("2026-01-04T00:30:00Z"), false),
            Duration.ofDays(3)));
  }

  static Event.CredentialUpdated refreshed() {
    return changed(Status.ACTIVE, Change.REFRESHED, null, SEALED);
  }

  /** A permanent token of which the provider says nothing. */
  private static Event connected() {
    return new Event.CredentialUpdated(
        new CredentialState(
            KEY,
            GRANT,
            1,
            1,
            Status.ACTIVE,
            Change.CONNECTED,
            null,
            SEALED,
            AT,
            null,
            null,
            null,
            null,
            AT));
  }

  private static Event deleted() {
    return new Event.CredentialUpdated(
        new CredentialState(
            KEY,
            GRANT + 1,
            3,
            9,
            Status.DELETED,
            Change.DELETED,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            AT));
  }

  private static Event.CredentialUpdated changed(
      Status status, Change change, @Nullable Reason reason, @Nullable Sealed sealed) {
    return new Event.CredentialUpdated(
        new CredentialState(
            KEY,
            GRANT,
            3,
            8,
            status,
            change,
            reason,
            sealed,
            Instant.parse("2026-01-01T00:00:00Z"),
            Instant.parse("2026-01-01T01:00:00Z"),
            Instant.parse("2026-01-01T00:43:30Z"),
            "Bearer",
            "a b",
            AT));
  }
}
