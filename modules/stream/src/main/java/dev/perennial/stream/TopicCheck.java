package dev.perennial.stream;

import dev.perennial.event.TopicSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares a topic with what it must be. Pure. The partitions and the cleanup policy must be the
 * same; what is kept may be kept longer and be larger, never shorter or smaller; how segments are
 * cut is the operator's.
 */
final class TopicCheck {
  private static final String POLICY = "cleanup.policy";
  private static final String SEGMENT = "segment.ms";

  private TopicCheck() {}

  /** A topic as it is. */
  record Found(int partitions, Map<String, String> config) {}

  static List<String> problems(TopicSpec spec, Optional<Found> found) {
    if (found.isEmpty()) {
      return List.of("topic " + spec.name() + " is missing; 'perennial topics' makes it");
    }
    List<String> problems = new ArrayList<>();
    if (found.get().partitions() != spec.partitions()) {
      problems.add(
          "topic %s has %d partitions and must have %d (one for each shard)"
              .formatted(spec.name(), found.get().partitions(), spec.partitions()));
    }
    new TreeMap<>(spec.config())
        .forEach((name, wanted) -> {
          String actual = found.get().config().get(name);
          if (!suffices(name, wanted, actual)) {
            problems.add(problem(spec.name(), name, wanted, actual));
          }
        });
    return problems;
  }

  private static boolean suffices(String name, String wanted, @Nullable String actual) {
    if (name.equals(SEGMENT) || wanted.equals(actual)) {
      return true;
    }
    return !name.equals(POLICY) && actual != null && atLeast(wanted, actual);
  }

  /** Kafka's -1 means without end. */
  private static boolean atLeast(String wanted, String actual) {
    try {
      long number = Long.parseLong(actual);
      return number == -1 || number >= Long.parseLong(wanted);
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static String problem(String topic, String name, String wanted, @Nullable String actual) {
    if (name.equals(POLICY) && wanted.equals("compact")) {
      return "topic %s is not compacted: %s is %s and must be compact"
          .formatted(topic, name, actual);
    }
    String least = name.equals(POLICY) ? "" : "at least ";
    return "topic %s: %s is %s and must be %s%s".formatted(topic, name, actual, least, wanted);
  }
}
