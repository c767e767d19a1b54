package dev.perennial.app.audit;

import dev.perennial.app.access.Caller;
import dev.perennial.domain.event.AuditEvent.Outcome;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Somebody did something, or was kept from it. It went well unless said otherwise. Immutable.
 *
 * @param keyId public id of the API key that was shown
 * @param address of the peer as the listener saw it
 * @param object a connection key, an integration, the id of a key; empty where the action says all
 * @param count how many things it was done to
 * @param reason for machines; empty where it went well
 */
public record Act(
    Action action,
    String actor,
    Optional<String> keyId,
    Optional<String> address,
    String object,
    long count,
    Outcome outcome,
    Optional<String> reason) {
  private static final int MAX_REASON = 200;

  /** By a caller of a listener. */
  public static Act by(Caller caller, Action action, String address) {
    return new Act(
        action,
        caller.name(),
        caller.keyId(),
        Optional.of(address),
        "",
        1,
        Outcome.ALLOWED,
        Optional.empty());
  }

  /** By a user of this machine, at its command line. */
  public static Act atCommandLine(String user, Action action) {
    return new Act(
        action,
        "cli " + user,
        Optional.empty(),
        Optional.empty(),
        "",
        1,
        Outcome.ALLOWED,
        Optional.empty());
  }

  /** To what. */
  public Act on(String what) {
    return new Act(action, actor, keyId, address, what, count, outcome, reason);
  }

  /** To how many. */
  public Act times(long many) {
    return new Act(action, actor, keyId, address, object, many, outcome, reason);
  }

  /**
   * It was not allowed.
   *
   * @param why for machines, such as {@code forbidden}; never a secret
   */
  public Act denied(String why) {
    return ended(Outcome.DENIED, why);
  }

  /** It was allowed, and could not be done, or not wholly. */
  public Act failed(String why) {
    return ended(Outcome.FAILED, why);
  }

  private Act ended(Outcome how, @Nullable String why) {
    Optional<String> bounded =
        Optional.ofNullable(why)
            .filter(it -> !it.isEmpty())
            .map(it -> it.substring(0, Math.min(it.length(), MAX_REASON)));
    return new Act(action, actor, keyId, address, object, count, how, bounded);
  }
}
