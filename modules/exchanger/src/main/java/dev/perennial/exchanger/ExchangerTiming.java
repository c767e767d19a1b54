package dev.perennial.exchanger;

import dev.perennial.domain.refresh.AttemptTimes;
import dev.perennial.domain.refresh.Backoff;
import dev.perennial.domain.refresh.RefreshPolicy;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Every time that plays a part, and where it is read from.
 *
 * @param backoff between failed attempts of one connection; its randomness is used for all jitter
 * @param wallClock for deadlines, dates in headers and the time of an event
 * @param nanoTime monotonic, for deadlines and durations
 */
public record ExchangerTiming(
    AttemptTimes times,
    RefreshPolicy policy,
    Backoff backoff,
    InstantSource wallClock,
    LongSupplier nanoTime) {

  /** The deadline of an attempt that is about to begin. */
  Deadline deadline() {
    return Deadline.after(times.deadline(), nanoTime, wallClock);
  }
}
