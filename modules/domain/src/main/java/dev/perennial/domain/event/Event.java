package dev.perennial.domain.event;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Failure;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.Reason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is said on a topic. Each kind has one topic; the key is the connection key. */
public sealed interface Event {

  ConnectionKey key();

  /**
   * A valid callback came in.
   *
   * @param healing names the state of the store that gave out the grant
   */
  record CodeReceived(
      ConnectionKey key,
      String authorization,
      long grant,
      String healing,
      Instant at,
      Sealed sealed)
      implements Event {}

  /** A connection wants a refresh. */
  record RefreshDue(ConnectionKey key, long version, Cause cause, Instant at) implements Event {
    /** Why it is said. */
    public enum Cause {
      SCHEDULED,
      REQUESTED
    }
  }

  /** A credential changed: everything a pipeline needs, as the store returned it. */
  record CredentialUpdated(CredentialState state) implements Event {
    @Override
    public ConnectionKey key() {
      return state.key();
    }
  }

  /** A consent ended without a credential. */
  record AuthorizationFailed(ConnectionKey key, String authorization, Reason reason, Instant at)
      implements Event {}

  /**
   * What a refresh attempt brought while the store could not take it: what {@code
   * CredentialStore.commit} would have been given. Stays inside Perennial.
   *
   * @param attempt id of the attempt
   * @param stage 0 for the first request, n for the n-th follow-up
   * @param last false while follow-up requests of the same attempt remain
   * @param grant the base
   * @param tokenGen the base
   * @param at when it was written down, by the clock of whoever did
   * @param incomplete why a follow-up that is needed failed; null where all is well
   */
  record AnswerJournaled(
      ConnectionKey key,
      String attempt,
      int stage,
      boolean last,
      long grant,
      long tokenGen,
      IssuedTokens tokens,
      Instant at,
      @Nullable Failure incomplete)
      implements Event {

    /** The same where all is well. */
    public AnswerJournaled(
        ConnectionKey key,
        String attempt,
        int stage,
        boolean last,
        long grant,
        long tokenGen,
        IssuedTokens tokens,
        Instant at) {
      this(key, attempt, stage, last, grant, tokenGen, tokens, at, null);
    }
  }

  /**
   * What a consent brought while the store could not take it: what {@code CredentialStore.put}
   * would have been given. Stays inside Perennial.
   */
  record ConsentJournaled(
      ConnectionKey key, String authorization, long grant, IssuedTokens tokens, Instant at)
      implements Event {}
}
