package dev.perennial.devstack.provider;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One caller's connection, with control over every byte: an answer can be late, slow, missing or a
 * reset. Used by the one thread that serves it; only {@link #close()} may come from another.
 */
public final class HttpConnection implements AutoCloseable {
  // A caller that gave up resets within microseconds of our bytes; a pool that throws an idle
  // connection away, much later.
  private static final long RESET_SOON_NANOS = 250_000_000;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private @Nullable HttpRequest request;
  private Runnable onResetSoon = () -> {};
  private long sentAt;

  HttpConnection(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  int remotePort() {
    return socket.getPort();
  }

  boolean isOpen() {
    return !socket.isClosed();
  }

  /** The next request, or null where the caller is done. */
  @Nullable HttpRequest next() throws IOException {
    try {
      request = HttpRequest.read(in, out);
      return request;
    } catch (IOException e) {
      if (System.nanoTime() - sentAt < RESET_SOON_NANOS) {
        onResetSoon.run();
      }
      throw e;
    } finally {
      onResetSoon = () -> {};
    }
  }

  /** Runs the action if the caller resets the connection right after what was just sent. */
  void onResetSoon(Runnable action) {
    onResetSoon = action;
    sentAt = System.nanoTime();
  }

  /** Sends the whole answer; returns when every byte is written. */
  public void send(HttpResponse response) throws IOException {
    byte[] body = response.bytes();
    ByteArrayOutputStream whole = new ByteArrayOutputStream(512 + body.length);
    whole.writeBytes(response.head(body.length, keepsAlive()));
    if (!isHead()) {
      whole.writeBytes(body);
    }
    whole.writeTo(out);
    out.flush();
    closeUnlessKept();
  }

  /**
   * Sends the head at once and the body byte by byte.
   *
   * @param beforeLast runs before the last byte is written
   * @return whether the caller stayed to the end
   */
  boolean sendSlowly(HttpResponse response, Duration pause, Runnable beforeLast)
      throws IOException {
    byte[] body = response.bytes();
    int last = body.length - 1;
    out.write(response.head(body.length, keepsAlive()));
    for (int i = 0; i <= last; i++) {
      if (!waitUnlessGone(pause)) {
        return false;
      }
      if (i == last) {
        beforeLast.run();
      }
      out.write(body[i]);
    }
    closeUnlessKept();
    return true;
  }

  /**
   * Waits as long as the caller does.
   *
   * @return false where the caller closed the connection before the time was over
   */
  boolean waitUnlessGone(Duration time) {
    if (time.isZero()) {
      return true;
    }
    long deadline = System.nanoTime() + time.toNanos();
    try {
      socket.setSoTimeout(Math.clamp(time.toMillis(), 1, Integer.MAX_VALUE));
      in.mark(1);
      if (in.read() < 0) {
        return false;
      }
      in.reset();
      return sleepUntil(deadline);
    } catch (SocketTimeoutException waited) {
      return true;
    } catch (IOException gone) {
      return false;
    } finally {
      waitForever();
    }
  }

  // The caller already sent its next request; that is no reason to answer this one earlier.
  private static boolean sleepUntil(long deadline) {
    try {
      Thread.sleep(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void waitForever() {
    try {
      socket.setSoTimeout(0);
    } catch (IOException closed) {
      // Nothing is read from it any more.
    }
  }

  /** Ends the connection with a TCP RST. */
  void reset() {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException closed) {
      // Then it is already gone.
    }
    close();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed all the same.
    }
  }

  private boolean keepsAlive() {
    return request != null && request.keepsAlive();
  }

  private boolean isHead() {
    return request != null && request.method().equals("HEAD");
  }

  private void closeUnlessKept() {
    if (!keepsAlive()) {
      close();
    }
  }
}
