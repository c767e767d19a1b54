package dev.perennial.exchanger;

import java.io.ByteArrayOutputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses gzip (RFC 1952). Not the JDK's stream, which calls itself for each empty member: a
 * body of fifty thousand of them overflows the stack.
 */
final class Gzip {
  private static final int HEADER = 10;
  private static final int TRAILER = 8;

  // Bits of a header's flags.
  private static final int HEADER_CHECK = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;

  private final byte[] in;
  private final int most;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final byte[] buffer = new byte[4096];
  private int at;

  private Gzip(byte[] in, int most) {
    this.in = in;
    this.most = most;
  }

  /**
   * All members, one after the other; what follows the last one is ignored.
   *
   * @param most bytes after which it stops, positive
   * @throws DataFormatException where it is cut, broken or no gzip
   */
  static byte[] decode(byte[] gzip, int most) throws DataFormatException {
    Gzip decoder = new Gzip(gzip, most);
    Inflater inflater = new Inflater(true);
    try {
      do {
        decoder.header();
        decoder.member(inflater);
        inflater.reset();
      } while (decoder.out.size() < most && decoder.memberBegins());
      return decoder.out.toByteArray();
    } finally {
      inflater.end();
    }
  }

  private boolean memberBegins() {
    return in.length - at > 2 && in[at] == 0x1f && in[at + 1] == (byte) 0x8b && in[at + 2] == 8;
  }

  private void header() throws DataFormatException {
    if (!memberBegins()) {
      throw new DataFormatException();
    }
    need(HEADER);
    int flags = in[at + 3];
    at += HEADER;
    if ((flags & EXTRA) != 0) {
      need(2);
      int length = littleEndian(2);
      need(length);
      at += length;
    }
    if ((flags & NAME) != 0) {
      skipText();
    }
    if ((flags & COMMENT) != 0) {
      skipText();
    }
    if ((flags & HEADER_CHECK) != 0) {
      need(2);
      at += 2;
    }
  }

  private void skipText() throws DataFormatException {
    do {
      need(1);
    } while (in[at++] != 0);
  }

  private void member(Inflater inflater) throws DataFormatException {
    CRC32 check = new CRC32();
    inflater.setInput(in, at, in.length - at);
    while (!inflater.finished()) {
      int wanted = Math.min(buffer.length, most - out.size());
      int length = inflater.inflate(buffer, 0, wanted);
      out.write(buffer, 0, length);
      check.update(buffer, 0, length);
      if (out.size() == most) {
        return;
      }
      if (length == 0 && !inflater.finished()) { // cut, or for a dictionary that nobody has
        throw new DataFormatException();
      }
    }
    at = in.length - inflater.getRemaining();
    need(TRAILER);
    if (littleEndian(4) != (int) check.getValue()) {
      throw new DataFormatException();
    }
    at += 4; // the length, which the check covers
  }

  private int littleEndian(int bytes) {
    int value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (in[at++] & 0xff) << (8 * i);
    }
    return value;
  }

  private void need(int bytes) throws DataFormatException {
    if (in.length - at < bytes) {
      throw new DataFormatException();
    }
  }
}
