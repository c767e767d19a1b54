package dev.perennial.app.metric;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which series a PromQL expression reads. */
final class PromQl {
  /** Of Prometheus itself and of the JVM's meters: names that are not ours and may be used. */
  static final Set<String> FOREIGN =
      Set.of(
          "up",
          "jvm_memory_used_bytes",
          "jvm_memory_max_bytes",
          "jvm_threads_live_threads",
          "jvm_gc_pause_seconds_sum",
          "jvm_gc_pause_seconds_count",
          "process_cpu_usage",
          "process_uptime_seconds");

  private static final Set<String> WORDS =
      Set.of("and", "or", "unless", "offset", "bool", "inf", "nan");

  private static final Pattern NO_SERIES =
      Pattern.compile(
          "\"[^\"]*\"|\\{[^}]*}|\\[[^]]*]"
              + "|\\b(by|without|on|ignoring|group_left|group_right)\\b\\s*(\\([^)]*\\))?");
  private static final Pattern NAME =
      Pattern.compile("(?<![\\w.])[a-zA-Z_:][a-zA-Z0-9_:]*+(?!\\s*\\()");

  private PromQl() {}

  static Set<String> series(String expression) {
    Set<String> names = new TreeSet<>();
    String bare = NO_SERIES.matcher(expression).replaceAll(" ");
    Matcher found = NAME.matcher(bare);
    while (found.find()) {
      String name = String.valueOf(found.group());
      if (!WORDS.contains(name)) {
        names.add(name);
      }
    }
    return names;
  }

  /** Everything that Prometheus stores of our metrics. */
  static Set<String> ours() {
    return Arrays.stream(Metric.values())
        .flatMap(metric -> metric.series().stream())
        .collect(Collectors.toSet());
  }
}
