package dev.perennial.prove.guarantee;

/** What the provider would say to a refresh token now. */
public enum Standing {
  /** It would be granted. */
  GOOD,
  /** Somebody spent it, or its grant was revoked. */
  DEAD,
  /** The provider cannot be asked. */
  UNKNOWN
}
