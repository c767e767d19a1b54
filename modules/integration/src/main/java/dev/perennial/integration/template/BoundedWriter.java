package dev.perennial.integration.template;

import java.io.Writer;

/** Writes into memory, up to a length. Not thread-safe. */
final class BoundedWriter extends Writer {
  private static final int USUAL = 128;

  private final StringBuilder text = new StringBuilder(USUAL);
  private final int most;

  BoundedWriter(int most) {
    this.most = most;
  }

  @Override
  public void write(char[] from, int offset, int length) {
    reserve(length);
    text.append(from, offset, length);
  }

  @Override
  public void write(String from, int offset, int length) {
    reserve(length);
    text.append(from, offset, offset + length);
  }

  private void reserve(int length) {
    if (text.length() + length > most) {
      throw new Refused("the rendered text is longer than " + most + " characters");
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}

  @Override
  public String toString() {
    return text.toString();
  }
}
