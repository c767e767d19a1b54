package dev.perennial.exchanger;

import org.jspecify.annotations.Nullable;

/** How a token request ended on the wire, before anybody asks what the answer means. */
sealed interface Exchange {

  /**
   * Status and body were read.
   *
   * @param retryAfter the header's text; null where there is none
   * @param body decompressed where {@link Extent#WHOLE}, else as it came, cut to the limit
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  record Answered(int status, @Nullable String retryAfter, byte[] body, Extent extent)
      implements Exchange {
    @Override
    public String toString() {
      return "Answered[" + status + ", " + body.length + " bytes, " + extent + "]";
    }
  }

  /** Ended before the first byte of the request was written: the provider cannot have seen it. */
  record NotSent(String detail) implements Exchange {}

  /** Ended after that and before the answer was read to its end. */
  record NoAnswer(String detail) implements Exchange {}

  /** How much of a body is there. */
  enum Extent {
    WHOLE,
    /** Longer than we read, as sent or once decompressed. */
    OVERSIZE,
    /** In a content coding that we do not know or that is broken. */
    UNDECODABLE
  }
}
