package dev.perennial.domain.credential;

import java.util.Optional;

/** Answers of {@link CredentialStore#commit}. */
public sealed interface Commit {

  /**
   * The tokens are stored.
   *
   * @param state what to publish; empty while follow-up requests remain
   */
  record Committed(Optional<CredentialState> state) implements Commit {}

  /** This very commit was done before; publish the current state again. */
  record Already(CredentialState state) implements Commit {}

  /** A newer consent or answer stands there. Drop ours, and never revoke it. */
  record Superseded() implements Commit {}

  /** The credential was deleted meanwhile: the new tokens are orphans. */
  record Deleted() implements Commit {}

  /** There is no such credential in Redis. */
  record Missing() implements Commit {}
}
