package dev.perennial.devstack.provider;

/** Why a grant is over. */
public enum Revocation {
  /** Its authorization code was presented a second time. */
  CODE_REPLAYED,
  /** A spent refresh token of it was presented outside the reuse window. */
  REFRESH_TOKEN_REPLAYED,
  /** A caller asked for it (RFC 7009). */
  REQUESTED,
  /** The user took it back at the provider. */
  TAKEN_BACK,
  /**
   * Its newest refresh token was refused as {@code invalid_grant}; all that a recording proxy can
   * know.
   */
  REFUSED
}
