package dev.perennial.app.migration;

/** What is read is not of its form from somewhere on; the message says where, and no value. */
public final class UnreadableSourceException extends RuntimeException {
  UnreadableSourceException(String message) {
    super(message);
  }
}
