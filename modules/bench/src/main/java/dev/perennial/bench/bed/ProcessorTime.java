package dev.perennial.bench.bed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.stream.Stream;

/** Processor time of a process, user and system, as the operating system accounts it. */
public final class ProcessorTime {
  /** Linux says it in hundredths of a second, whatever the kernel counts in (USER_HZ). */
  private static final Duration TICK = Duration.ofMillis(10);

  /** Behind the name of a thread in its {@code stat}: the state and ten more, then user, system. */
  private static final int USER = 11;

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

  /**
   * What the compilers of a JVM have taken of it since it began, those of their threads that are
   * there now; zero where the system does not say.
   */
  public static Duration ofCompilers(long pid) {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return threads
          .map(thread -> ofCompiler(thread.resolve("stat")))
          .reduce(Duration.ZERO, Duration::plus);
    } catch (IOException e) {
      return Duration.ZERO;
    }
  }

  /** The same of several. */
  public static Duration ofCompilers(Collection<Long> pids) {
    return pids.stream().map(ProcessorTime::ofCompilers).reduce(Duration.ZERO, Duration::plus);
  }

  private static Duration ofCompiler(Path stat) {
    try {
      String line = Files.readString(stat);
      int end = line.lastIndexOf(')');
      if (!line.substring(0, end).contains(" Compiler")) {
        return Duration.ZERO;
      }
      String[] fields = line.substring(end + 2).split(" ", -1);
      return TICK.multipliedBy(Long.parseLong(fields[USER]) + Long.parseLong(fields[USER + 1]));
    } catch (IOException e) {
      return Duration.ZERO; // it has ended
    }
  }
}
