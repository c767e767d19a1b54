package dev.perennial.domain.credential;

/** Answers of {@link CredentialStore#put}. */
public sealed interface Put {
  /** Stored as a new version. */
  record Stored(CredentialState state) implements Put {}

  /** The same consent was stored before; publish the current state again. */
  record Already(CredentialState state) implements Put {}

  /** A newer consent (or a deletion after it) stands there. */
  record Superseded() implements Put {}
}
