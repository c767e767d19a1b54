package dev.perennial.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** A client that writes what it likes, as slowly as it likes. Not thread-safe. */
final class RawClient implements AutoCloseable {
  private static final int CHUNK = 64 << 10;

  private final Socket socket;

  RawClient(int port) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RawClient send(String text) {
    try {
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A whole request that keeps its connection, and the first line of its answer. */
  String get(String path, Duration most) {
    return send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").line(most);
  }

  /**
   * The first line of an answer; {@code silence} where there is none within the time, {@code
   * closed} where there will be none.
   */
  String line(Duration most) {
    try {
      socket.setSoTimeout((int) most.toMillis());
      StringBuilder line = new StringBuilder();
      InputStream in = socket.getInputStream();
      for (int read = in.read(); read != '\n'; read = in.read()) {
        if (read < 0) {
          return line.isEmpty() ? "closed" : line.toString();
        }
        line.append((char) read);
      }
      return line.toString().strip();
    } catch (SocketTimeoutException e) {
      return "silence";
    } catch (IOException e) {
      return "closed";
    }
  }

  /** Reads on until the server closes; false where it has not within the time. */
  boolean isClosedWithin(Duration most) {
    long end = System.nanoTime() + most.toNanos();
    try {
      InputStream in = socket.getInputStream();
      for (long left = most.toMillis(); left > 0; left = (end - System.nanoTime()) / 1_000_000) {
        socket.setSoTimeout((int) left);
        if (in.read() < 0) {
          return true;
        }
      }
      return false;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /**
   * Sends chunks of a body until nobody takes them any more.
   *
   * @param most bytes that are sent in any case
   * @return how many were taken
   */
  long sendEndlessly(long most) {
    byte[] chunk = ("10000\r\n" + "x".repeat(CHUNK) + "\r\n").getBytes(ISO_8859_1);
    long sent = 0;
    try {
      OutputStream out = socket.getOutputStream();
      while (sent < most) {
        out.write(chunk);
        sent += CHUNK;
      }
    } catch (IOException e) {
      // The other side has had enough.
    }
    return sent;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
