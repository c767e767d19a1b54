package dev.perennial.domain.authorization;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import java.time.Duration;

/**
 * Consents that were asked for and not yet answered, by their state. A state is used once: it is
 * held while its callback is published, then spent, and a hold that is neither spent nor released
 * ends by itself, so that a crash or an outage leaves it good. Thread-safe.
 *
 * <p>Every method throws {@link dev.perennial.domain.UnavailableException} where Redis does not
 * answer.
 */
public interface PendingAuthorizations {

  /**
   * @param valid how long the state may be used
   */
  void add(Secret state, PendingAuthorization pending, Duration valid);

  /**
   * Takes hold of a state for one callback.
   *
   * @param holder fresh for each callback
   * @param most the hold ends by itself after this
   */
  Hold hold(Secret state, String holder, Duration most);

  /** Lets go of a held state, which is good again. Nothing happens if the hold has passed on. */
  void release(Secret state, String holder);

  /** The state has done its work. It stays known for a while, so that a replay can be told. */
  void spend(Secret state, String holder);

  /**
   * A number for a new grant of this connection: above any given out before for its shard, and not
   * below Redis's time in microseconds.
   *
   * @throws dev.perennial.domain.NotReadyException where the shard waits to be healed
   */
  Grant nextGrant(ConnectionKey key);

  /**
   * A number given out.
   *
   * @param healing names the state of the store it came from; another one once the store has lost
   *     data, or may have
   */
  record Grant(long number, String healing) {}

  /** Answers of {@link #hold}. */
  sealed interface Hold {
    record Held(PendingAuthorization pending) implements Hold {}

    /** Another callback with this state is being worked on. */
    record Busy() implements Hold {}

    /** Used before, by the consent of this id. */
    record Spent(ConnectionKey key, String id) implements Hold {}

    /** Was given out and is too old. */
    record Expired(ConnectionKey key) implements Hold {}

    /** Never given out, or long gone. */
    record Unknown() implements Hold {}
  }
}
