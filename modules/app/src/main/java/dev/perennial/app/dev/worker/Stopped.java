package dev.perennial.app.dev.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A process that does not run for as long as this is open. A shell of its own holds it, which lets
 * it go when we end, however that happens: a stopped process would not notice our end.
 */
final class Stopped implements AutoCloseable {
  private static final String GUARD =
      """
      trap '' INT HUP TERM
      kill -STOP "$1"
      echo stopped
      read -r _
      kill -CONT "$1"
      """;

  private final Process guard;

  private Stopped(Process guard) {
    this.guard = guard;
  }

  /** Returns once the signal has been sent. */
  static Stopped of(long pid) {
    try {
      Process guard =
          new ProcessBuilder(List.of("/bin/sh", "-c", GUARD, "stopped", Long.toString(pid)))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      int _ = guard.getInputStream().read();
      return new Stopped(guard);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns once it runs again. */
  @Override
  public void close() {
    try {
      guard.getOutputStream().close();
      guard.waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
