package dev.perennial.app.admin;

import dev.perennial.app.access.Caller;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Status;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a list leaves out.
 *
 * @param connection an id, or the beginning of one and a star
 * @param reason a code
 * @param expiresBefore also leaves out what never ends
 */
record ConnectionFilter(
    Caller caller,
    Optional<String> integration,
    Optional<Status> status,
    Optional<String> connection,
    Optional<String> reason,
    Optional<Instant> expiresBefore) {

  /**
   * @throws Refusal where a parameter is not as it should be
   */
  static ConnectionFilter of(Query query, Caller caller) {
    return new ConnectionFilter(
        caller,
        query.text("integration"),
        query.text("status").map(ConnectionFilter::status),
        query.text("connection"),
        query.text("reason"),
        query.text("expires_before").map(ConnectionFilter::time));
  }

  private static Status status(String text) {
    try {
      return Status.of(text);
    } catch (IllegalArgumentException _) {
      throw new Refusal(
          Problem.badRequest(
              "Parameter status must be one of "
                  + List.of(Status.values()).toString().toLowerCase(Locale.ROOT)));
    }
  }

  private static Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException _) {
      throw new Refusal(
          Problem.badRequest(
              "Parameter expires_before must be a time such as 2026-03-01T12:00:00Z."));
    }
  }

  /** Where there is only one that may match. */
  Optional<ConnectionKey> only() {
    return integration
        .filter(ConnectionKey::isSlug)
        .flatMap(slug ->
            connection
                .filter(ConnectionKey::isConnectionId)
                .map(id -> new ConnectionKey(slug, id)));
  }

  boolean matches(CredentialState state) {
    return caller.sees(state.key().integration())
        && integration.map(state.key().integration()::equals).orElse(true)
        && status.map(state.status()::equals).orElse(state.status() != Status.DELETED)
        && connection.map(wanted -> isNamed(wanted, state.key().connection())).orElse(true)
        && reason.map(it -> state.reason() != null && it.equals(state.reason().code())).orElse(true)
        && expiresBefore.map(end -> endsBefore(state, end)).orElse(true);
  }

  /** A star is no character of a connection id. */
  private static boolean isNamed(String wanted, String id) {
    return wanted.endsWith("*")
        ? id.startsWith(wanted.substring(0, wanted.length() - 1))
        : id.equals(wanted);
  }

  private static boolean endsBefore(CredentialState state, Instant end) {
    return state.expiresAt() != null && state.expiresAt().isBefore(end);
  }
}
