package dev.perennial.bench.bed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One worker process: roles as in production, drained when it is closed. Thread-safe. */
public final class Worker implements AutoCloseable {
  /** Of a generation, whatever the collector; of its parts it says per cent. */
  private static final Pattern USED = Pattern.compile("used (\\d+)K");

  private final Child child;
  private final int adminPort;

  Worker(Child child, int adminPort) {
    this.child = child;
    this.adminPort = adminPort;
  }

  public long pid() {
    return child.pid();
  }

  /** Of its admin API, health and metrics. */
  public int adminPort() {
    return adminPort;
  }

  /** Resident memory, in bytes. */
  public long residentBytes() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid() + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElseThrow(() -> new BedException("no resident memory of process " + pid()));
    } catch (IOException e) {
      throw new BedException("resident memory can be read on Linux alone");
    }
  }

  /** Bytes of the heap that are alive: what is left of it after a collection. */
  public long liveBytes() {
    Jcmd.run(pid(), "GC.run");
    return Jcmd.run(pid(), "GC.heap_info")
        .lines()
        .filter(line -> !line.contains("Metaspace") && !line.contains("class space"))
        .map(USED::matcher)
        .filter(Matcher::find)
        .mapToLong(used -> Long.parseLong(String.valueOf(used.group(1))) << 10)
        .sum();
  }

  /** Processor time since it began. */
  public Duration processorTime() {
    return ProcessorTime.of(pid());
  }

  /** What its JVM's compilers have taken of that. */
  public Duration compilerTime() {
    return ProcessorTime.ofCompilers(pid());
  }

  @Override
  public void close() {
    child.close();
  }
}
