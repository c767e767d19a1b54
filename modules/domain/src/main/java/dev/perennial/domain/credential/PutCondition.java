package dev.perennial.domain.credential;

/** What must stand where tokens are {@linkplain CredentialStore#put put}, checked in that step. */
public sealed interface PutCondition {
  /** Nothing that lives: no credential, or a deleted one. */
  record Absent() implements PutCondition {}

  /** Exactly this one, as it was seen, and not deleted. */
  record Exactly(long grant, long version) implements PutCondition {}
}
