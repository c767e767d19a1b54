package dev.perennial.app.config;

import dev.perennial.app.config.ConfigProblems.Problem;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key that was renamed or removed. It stays an error for good, since a value that silently counts
 * no more is worse than a process that does not start; its message says what to do. A key keeps its
 * meaning for as long as it has its name, so a key with another meaning has another name.
 *
 * @param name as it was, e.g. {@code perennial.kafka.servers}
 * @param since the first version without it
 * @param instead what to do now, as a sentence without a full stop, e.g. {@code use
 *     kafka.bootstrap-servers} or {@code remove it: the scheduler finds this out by itself}
 */
record DefunctKey(String name, String since, String instead) {

  /** Every one that there ever was, newest first. */
  static final List<DefunctKey> ALL = List.of();

  static @Nullable DefunctKey find(Collection<DefunctKey> keys, String name) {
    return keys.stream().filter(key -> key.name.equals(name)).findFirst().orElse(null);
  }

  String env() {
    return ConfigKey.env(name);
  }

  /** Without {@code perennial.}. */
  String shortName() {
    return name.substring(ConfigKey.ROOT.length());
  }

  /**
   * @param source where it still stands
   * @param written as it is written there
   */
  Problem problem(String source, String written) {
    return new Problem(source, written, "no key any more since " + since, instead);
  }
}
