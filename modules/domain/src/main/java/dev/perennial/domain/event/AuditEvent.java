package dev.perennial.domain.event;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Somebody did something to the installation, or was kept from it. Carries no secret: an API key is
 * named by its public id. Immutable.
 *
 * @param id unique
 * @param at by the clock of the process that was asked
 * @param actor who: the name of a caller of the admin API, or of a user of this machine
 * @param keyId public id of the API key that was shown; null where it was none
 * @param action what, e.g. {@code connection.delete}
 * @param object to what: a connection key, an integration, the id of a key; empty where the action
 *     says it all
 * @param count how many things it was done to; 1 where it is one
 * @param address of the peer as the listener saw it, never one that a header claims; null where
 *     nobody came over the network
 * @param reason why it did not go well, for machines; null where it did
 * @param omitted how many events like this one were left out since the last, by a bound on their
 *     rate
 * @param traceId of the request; null where there is none
 */
public record AuditEvent(
    String id,
    Instant at,
    String actor,
    @Nullable String keyId,
    String action,
    String object,
    long count,
    @Nullable String address,
    Outcome outcome,
    @Nullable String reason,
    long omitted,
    @Nullable String traceId) {

  /** How it ended. */
  public enum Outcome {
    /** It was allowed, and done. */
    ALLOWED,
    /** It was not allowed. */
    DENIED,
    /** It was allowed, and could not be done. */
    FAILED;

    /** As it is written. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What keeps events of one thing in their order: the object, or else the action. */
  public String subject() {
    return object.isEmpty() ? action : object;
  }
}
