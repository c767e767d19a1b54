package dev.perennial.app.listener;

import io.helidon.common.buffers.DataReader;
import io.helidon.webserver.ConnectionContext;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is read from one connection, and since when it is waited for. One thread reads, another
 * looks.
 */
final class Reading implements Supplier<byte @Nullable []> {
  private static final long NEVER = Long.MIN_VALUE;

  private final ConnectionContext connection;
  private final LongSupplier nanoTime;
  private volatile long waitingSince = NEVER;
  private volatile long headSince = NEVER;
  private volatile boolean inRequest;

  Reading(ConnectionContext connection, LongSupplier nanoTime) {
    this.connection = connection;
    this.nanoTime = nanoTime;
  }

  /** The next bytes; null at the end. */
  @Override
  public byte @Nullable [] get() {
    DataReader source = connection.dataReader();
    waitingSince = nanoTime.getAsLong();
    try {
      source.ensureAvailable();
      waitingSince = NEVER;
      if (!inRequest && headSince == NEVER) {
        headSince = nanoTime.getAsLong();
      }
      return source.readBytes(source.available());
    } catch (DataReader.InsufficientDataAvailableException _) {
      return null;
    } finally {
      waitingSince = NEVER;
    }
  }

  void headIsRead() {
    inRequest = true;
    headSince = NEVER;
  }

  void requestIsOver() {
    inRequest = false;
  }

  /** Between two requests it is the server that knows how long a connection may be kept. */
  void endIfLonger(Duration longest) {
    if (hasBegun() && (isLonger(waitingSince, longest) || isLonger(headSince, longest))) {
      close();
    }
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
