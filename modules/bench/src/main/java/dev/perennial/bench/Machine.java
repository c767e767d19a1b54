package dev.perennial.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where it was measured.
 *
 * @param processors that this process may use
 * @param memory in GiB
 */
record Machine(int processors, long memory, String system, String jdk) {
  static Machine here() {
    long bytes =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        bytes >> 30,
        property("os.name") + " " + property("os.version") + " " + property("os.arch"),
        property("java.vendor") + " " + property("java.runtime.version"));
  }

  private static String property(String name) {
    return Objects.requireNonNullElse(System.getProperty(name), "unknown");
  }

  String text() {
    return processors + " processors, " + memory + " GiB, " + system + ", JDK " + jdk;
  }

  Map<String, @Nullable Object> members() {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("processors", processors);
    members.put("memory_gib", memory);
    members.put("system", system);
    members.put("jdk", jdk);
    return members;
  }
}
