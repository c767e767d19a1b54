package dev.perennial.stream;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Failures in words. */
final class Failures {
  private static final int FRAMES = 3;

  private Failures() {}

  /** The cause that a future wrapped. */
  static Throwable unwrapped(Throwable failure) {
    Throwable cause = failure.getCause();
    boolean wrapper =
        failure instanceof ExecutionException || failure instanceof CompletionException;
    return wrapper && cause != null ? cause : failure;
  }

  /** Of Kafka's own failures, which carry no data of records: kinds and messages of the chain. */
  static String describe(Throwable failure) {
    StringBuilder text = new StringBuilder();
    for (Throwable t = failure; t != null && text.length() < 500; t = t.getCause()) {
      text.append(text.isEmpty() ? "" : ", caused by ")
          .append(t.getClass().getSimpleName())
          .append(": ")
          .append(t.getMessage());
    }
    return text.toString();
  }

  /**
   * Of a client that could not be made: its messages may quote what it was given to log in with.
   */
  static String kinds(Throwable failure) {
    StringBuilder text = new StringBuilder(failure.getClass().getSimpleName());
    for (Throwable t = failure.getCause(); t != null; t = t.getCause()) {
      text.append(", caused by ").append(t.getClass().getSimpleName());
    }
    return text.toString();
  }

  /**
   * Of a handler's failure: what it was and where, without its message, since nobody can vouch that
   * a library's message does not quote a secret.
   */
  static String place(Throwable failure) {
    StringBuilder text = new StringBuilder(failure.getClass().getName());
    StackTraceElement[] frames = failure.getStackTrace();
    for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
      text.append(i == 0 ? " at " : " < ")
          .append(frames[i].getClassName())
          .append('.')
          .append(frames[i].getMethodName())
          .append(':')
          .append(frames[i].getLineNumber());
    }
    return text.toString();
  }
}
