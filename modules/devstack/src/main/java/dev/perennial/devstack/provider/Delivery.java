package dev.perennial.devstack.provider;

/** What became of an answer on its way. */
public enum Delivery {
  /** Still being served. */
  PENDING,
  /** Every byte was written: the caller may hold what was issued. */
  WHOLE,
  /** Not every byte was written, or none: nobody holds what was issued. */
  CUT,
  /**
   * Written, but the caller reset the connection at that very moment, as one does that gave up
   * while the answer was on its way. It did not read it.
   */
  UNREAD
}
