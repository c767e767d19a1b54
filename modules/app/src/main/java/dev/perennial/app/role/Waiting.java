package dev.perennial.app.role;

/** Waits for a thread's end; an interrupt is kept for whoever asked. */
final class Waiting {
  private Waiting() {}

  static void forEnd(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
