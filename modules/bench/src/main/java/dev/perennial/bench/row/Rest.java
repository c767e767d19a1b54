package dev.perennial.bench.row;

import dev.perennial.bench.bed.ProcessorTime;
import java.time.Duration;
import java.util.List;

/**
 * Lets compilers finish what one side of an alternation has left them, or they would take a
 * processor from the other side. For one thread.
 */
final class Rest {
  private static final Duration LOOK = Duration.ofMillis(200);

  /** Of one processor. */
  private static final double QUIET = 0.1;

  private final Run run;
  private final Duration most;
  private final List<Long> pids;

  /**
   * @param most how long it waits each time
   * @param pids of JVMs
   */
  Rest(Run run, Duration most, List<Long> pids) {
    this.run = run;
    this.most = most;
    this.pids = List.copyOf(pids);
  }

  void await() {
    long end = System.nanoTime() + most.toNanos();
    Duration before = ProcessorTime.ofCompilers(pids);
    while (System.nanoTime() < end) {
      run.pause(LOOK);
      Duration now = ProcessorTime.ofCompilers(pids);
      if (now.minus(before).toMillis() <= QUIET * LOOK.toMillis()) {
        return;
      }
      before = now;
    }
  }
}
