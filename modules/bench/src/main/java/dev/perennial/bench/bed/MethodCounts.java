package dev.perennial.bench.bed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordingFile;

/** How often methods of another JVM ran, counted by the flight recorder (JEP 520). */
public final class MethodCounts {
  private static final String EVENT = "jdk.MethodTiming";

  private final Map<String, Long> counts;

  private MethodCounts(Map<String, Long> counts) {
    this.counts = counts;
  }

  /**
   * What a JVM is to be started with.
   *
   * @param methods {@code class::method}
   */
  public static String option(List<String> methods) {
    return "-XX:StartFlightRecording:settings=none"
        + (",+" + EVENT + "#enabled=true,+" + EVENT + "#period=endChunk,+" + EVENT + "#filter=")
        + String.join(";", methods);
  }

  /** Has such a JVM write what it counted so far. */
  public static void dump(long pid, Path file) {
    Jcmd.run(pid, "JFR.dump", "filename=" + file);
  }

  /** Reads what such a JVM wrote. */
  public static MethodCounts read(Path file) {
    Map<String, Long> counts = new HashMap<>();
    try (RecordingFile recording = new RecordingFile(file)) {
      while (recording.hasMoreEvents()) {
        RecordedEvent event = recording.readEvent();
        if (event.getEventType().getName().equals(EVENT)) {
          RecordedMethod method = event.getValue("method");
          String name = method.getType().getName() + "::" + method.getName();
          counts.merge(name, event.getLong("invocations"), Math::max);
        }
      }
      return new MethodCounts(counts);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }

  /** Of overloads that call each other, the one that ran most often. */
  public long of(String method) {
    Long count = counts.get(method);
    if (count == null) {
      throw new BedException(method + " was not counted: is it still called that?");
    }
    return count;
  }
}
