package dev.perennial.app.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Lines of a stream of any length, each of a bounded one. Not thread-safe. */
final class LineReader {
  private final InputStream in;
  private final int most;
  private long number;

  /**
   * @param most bytes of a line
   */
  LineReader(InputStream in, int most) {
    this.in = new BufferedInputStream(in, 64 << 10);
    this.most = most;
  }

  /**
   * A line.
   *
   * @param number from 1
   * @param bytes without the line's end; null where it is too long
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  record Line(long number, byte @Nullable [] bytes) {}

  /** The next one that is not blank; null at the end. */
  @Nullable Line next() throws IOException {
    Line line;
    do {
      line = any();
    } while (line != null && isBlank(line));
    return line;
  }

  private static boolean isBlank(Line line) {
    byte[] bytes = line.bytes();
    return bytes != null && new String(bytes, ISO_8859_1).isBlank();
  }

  private @Nullable Line any() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    boolean tooLong = false;
    int read = in.read();
    if (read < 0) {
      return null;
    }
    number++;
    while (read >= 0 && read != '\n') {
      tooLong = tooLong || bytes.size() >= most;
      if (!tooLong) {
        bytes.write(read);
      }
      read = in.read();
    }
    return new Line(number, tooLong ? null : bytes.toByteArray());
  }
}
