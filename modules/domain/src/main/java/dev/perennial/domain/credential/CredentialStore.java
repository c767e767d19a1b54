package dev.perennial.domain.credential;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.definition.ReuseWindow;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where credentials are kept. Every method is one atomic step on the store's own clock; together
 * they are the refresh protocol, and docs/protocol.md says what each answer means. What is to be
 * published is what a method returned, never a second read. Thread-safe.
 *
 * <p>Every method throws {@link UnavailableException} where the store does not answer; the step may
 * then have happened or not, and repeating it with the same arguments is safe.
 */
public interface CredentialStore {

  /**
   * Begins a refresh attempt for the version an event spoke of.
   *
   * @param version of the {@code refresh-due} event
   * @param attempt fresh for each handler run, never the event's id
   * @param reuse what the definition says about replays, deciding whether an attempt that vanished
   *     may be repeated at once
   */
  Begin begin(ConnectionKey key, long version, String attempt, ReuseWindow reuse);

  /**
   * Stores what an attempt brought, if the token it spent is still the stored one; who holds the
   * lease does not matter.
   *
   * @param last false while follow-up requests of the same attempt remain: nothing is published
   * @param incomplete why a follow-up that is needed failed; the tokens are kept, the credential is
   *     said to be failing and is refreshed again after the failure's wait. Null where all is well;
   *     only with {@code last}
   */
  Commit commit(
      ConnectionKey key,
      Begin.Attempt attempt,
      boolean last,
      IssuedTokens tokens,
      @Nullable Failure incomplete);

  /** The same where all is well. */
  default Commit commit(
      ConnectionKey key, Begin.Attempt attempt, boolean last, IssuedTokens tokens) {
    return commit(key, attempt, last, tokens, null);
  }

  /**
   * Records that an attempt ended without tokens.
   *
   * @return what to publish, empty where nobody needs to know or the attempt is not current
   */
  Optional<CredentialState> fail(ConnectionKey key, Begin.Attempt attempt, Failure failure);

  /**
   * Stores the tokens of a new consent, whatever refresh is in flight, and settles its
   * authorization code in the same step.
   *
   * @param grant of the consent, from the callback
   * @param authorization id of the consent; also makes a repetition recognizable
   */
  Put put(ConnectionKey key, long grant, String authorization, IssuedTokens tokens);

  /**
   * The same where what stands there is as expected.
   *
   * @return empty where it is not; nothing has happened then
   */
  Optional<Put> put(
      ConnectionKey key,
      long grant,
      String authorization,
      IssuedTokens tokens,
      PutCondition condition);

  /**
   * Marks a credential as expired where it is past its end.
   *
   * @return what to publish, empty where it is not current or not past its end
   */
  Optional<CredentialState> expire(ConnectionKey key, long grant, long version);

  /**
   * Erases the tokens. The version numbers live on.
   *
   * @return what to publish, empty where there is nothing or a newer consent
   */
  Optional<CredentialState> delete(ConnectionKey key, long grant);

  /** Notes that a version is known to be on the topic. */
  void published(ConnectionKey key, long grant, long version);

  /** Moves the next attempt without counting one: the provider's capacity here is used up. */
  void postpone(ConnectionKey key, long version, Duration delay);

  Optional<CredentialState> find(ConnectionKey key);

  /** Those of them that there are, each as it stood at some moment of the call. */
  default Map<ConnectionKey, CredentialState> find(Collection<ConnectionKey> keys) {
    Map<ConnectionKey, CredentialState> found = new LinkedHashMap<>();
    keys.forEach(key -> find(key).ifPresent(state -> found.put(key, state)));
    return found;
  }

  /**
   * Some credentials of all, in no particular order, each at least once over a whole scan that
   * starts and ends with a null cursor.
   */
  Page list(@Nullable String cursor);

  /**
   * Some of those that are looked for, in no particular order, each at least once over a whole
   * search that starts and ends with a null cursor. A page may hold a few more than wanted, fewer
   * where they are rare, or none: it ends once enough was looked at to answer quickly.
   *
   * @throws IllegalArgumentException where the cursor is not one that an earlier page gave
   */
  default Page search(ConnectionSearch search, @Nullable String cursor, int wanted) {
    Page page = list(cursor);
    return new Page(page.states().stream().filter(search::matches).toList(), page.next());
  }

  /** States of the shard that were written some time ago and are not known to be on the topic. */
  List<CredentialState> unpublished(int shard, Duration olderThan);

  /**
   * @param next where to go on; null at the end
   */
  record Page(List<CredentialState> states, @Nullable String next) {}
}
