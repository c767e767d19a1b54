package dev.perennial.bench.bed;

import java.time.Duration;

/** Processor time of a process, user and system, as the operating system accounts it. */
public final class ProcessorTime {
  private ProcessorTime() {}

  /**
   * Since the process began; in steps of 10 ms on Linux.
   *
   * @throws BedException where there is no such process
   */
  public static Duration of(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(handle -> handle.info().totalCpuDuration())
        .orElseThrow(() -> new BedException("no processor time of process " + pid));
  }
}
