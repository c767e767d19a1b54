package dev.perennial.app.role;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * Lets a command end in order when the process is asked to stop (Ctrl-C, SIGTERM): the signal ends
 * its wait, and the process lives until the command has cleaned up and said its last line.
 * Thread-safe; for one command.
 */
public final class Interruption {
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Duration cleanUp;
  private volatile Runnable whenAsked = () -> {};
  private volatile int exitCode = 1;

  /**
   * @param cleanUp the process lives no longer than this after it was asked to stop
   */
  public Interruption(Duration cleanUp) {
    this.cleanUp = cleanUp;
  }

  /** Runs the command; what it returns is the exit code, after a signal too. */
  public int guard(IntSupplier command) {
    Thread hook = new Thread(this::atShutdown, "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      exitCode = command.getAsInt();
      return exitCode;
    } finally {
      ended.countDown();
    }
  }

  private void atShutdown() {
    if (ended.getCount() == 0) {
      return; // an ordinary end
    }
    asked.countDown();
    whenAsked.run();
    if (await(ended, cleanUp)) {
      Runtime.getRuntime().halt(exitCode);
    }
  }

  /** Something to wake up besides {@link #await}, at once where the process was asked before. */
  public void whenAsked(Runnable action) {
    whenAsked = action;
    if (asked()) {
      action.run();
    }
  }

  /** Waits until the process is asked to stop, at most this long, and says whether it was. */
  public boolean await(Duration most) {
    return await(asked, most);
  }

  public boolean asked() {
    return asked.getCount() == 0;
  }

  private static boolean await(CountDownLatch latch, Duration most) {
    try {
      return latch.await(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
