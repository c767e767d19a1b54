package dev.perennial.app.audit;

/** Which hand-outs of access tokens are told. */
public enum Reads {
  /** None. */
  NONE,
  /** The first one of a connection by a caller within an hour, in each process. */
  FIRST,
  /** Each. */
  ALL
}
