package dev.perennial.app.listener;

import io.helidon.common.buffers.DataReader;
import io.helidon.webserver.ConnectionContext;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is read from one connection, since when it is waited for, and how long a body has been
 * waited for in all. One thread reads, another looks.
 */
final class Reading implements Supplier<byte @Nullable []> {
  private static final long NEVER = Long.MIN_VALUE;

  /** What a byte of a body gives its sender of time. */
  private static final long NANOS_FOR_A_BYTE =
      Duration.ofSeconds(1).toNanos() / Patience.BYTES_IN_A_SECOND;

  private final ConnectionContext connection;
  private final LongSupplier nanoTime;
  private volatile long waitingSince = NEVER;
  private volatile long headSince = NEVER;
  private volatile boolean inRequest;

  /** For this body, what is waited for now left out. */
  private volatile long waited;

  /** Of this body; what came along with the head left out. */
  private volatile long came;

  Reading(ConnectionContext connection, LongSupplier nanoTime) {
    this.connection = connection;
    this.nanoTime = nanoTime;
  }

  /** The next bytes; null at the end. */
  @Override
  public byte @Nullable [] get() {
    DataReader source = connection.dataReader();
    long began = nanoTime.getAsLong();
    waitingSince = began;
    try {
      source.ensureAvailable();
      waitingSince = NEVER;
      byte[] bytes = source.readBytes(source.available());
      if (inRequest) {
        count(nanoTime.getAsLong() - began, bytes.length);
      } else if (headSince == NEVER) {
        headSince = nanoTime.getAsLong();
      }
      return bytes;
    } catch (DataReader.InsufficientDataAvailableException _) {
      return null;
    } finally {
      waitingSince = NEVER;
    }
  }

  /** By the one that reads alone. */
  @SuppressWarnings("NonAtomicVolatileUpdate")
  private void count(long nanos, int bytes) {
    waited += nanos;
    came += bytes;
  }

  void headIsRead() {
    waited = 0;
    came = 0;
    inRequest = true;
    headSince = NEVER;
  }

  void requestIsOver() {
    inRequest = false;
  }

  /** Between two requests it is the server that knows how long a connection may be kept. */
  void endIfLonger(Duration longest) {
    if (hasBegun()
        && (isLonger(waitingSince, longest) || isLonger(headSince, longest) || drips(longest))) {
      close();
    }
  }

  /** Whether this body has kept us waiting for longer than what came of it is worth. */
  private boolean drips(Duration longest) {
    long since = waitingSince;
    return inRequest
        && since != NEVER
        && waited + nanoTime.getAsLong() - since > longest.toNanos() + came * NANOS_FOR_A_BYTE;
  }

  /** Of the body that is read now. */
  long came() {
    return inRequest ? came : 0;
  }

  /** Whether more of a request is waited for. */
  boolean isWithinRequest() {
    return hasBegun() && waitingSince != NEVER;
  }

  private boolean hasBegun() {
    return inRequest || headSince != NEVER;
  }

  private void close() {
    headSince = NEVER;
    try {
      connection.serverSocket().close();
    } catch (UncheckedIOException _) {
      // it was closed already
    }
  }

  private boolean isLonger(long since, Duration longest) {
    return since != NEVER && nanoTime.getAsLong() - since > longest.toNanos();
  }
}
