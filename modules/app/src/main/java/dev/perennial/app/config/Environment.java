package dev.perennial.app.config;

import dev.perennial.app.config.ConfigProblems.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The {@code PERENNIAL_} names of the environment: keys, variables of definitions, or mistakes. */
final class Environment {
  static final String PREFIX = "PERENNIAL_";
  private static final String SOURCE = "environment";
  private static final String KAFKA_PREFIX = ConfigKey.env(ConfigKey.KAFKA_PROPERTIES);

  /** Read by the launcher script, not by us. */
  private static final Set<String> LAUNCHER = Set.of("PERENNIAL_JAVA_HOME", "PERENNIAL_JAVA_OPTS");

  private final Map<String, String> ours = new TreeMap<>();
  private final List<DefunctKey> defunct;

  Environment(Map<String, String> environment, List<DefunctKey> defunct) {
    this.defunct = defunct;
    environment.forEach((name, value) -> {
      if (name.startsWith(PREFIX)) {
        ours.put(name, value);
      }
    });
  }

  /** What the environment says about keys, defunct ones too. */
  List<RawValue> values() {
    List<RawValue> values = new ArrayList<>();
    for (ConfigKey key : ConfigKey.all()) {
      String value = ours.get(key.env());
      if (value != null) {
        values.add(new RawValue(key.name(), key.env(), value, SOURCE));
      }
    }
    ours.forEach((name, value) -> {
      if (name.startsWith(KAFKA_PREFIX)) {
        values.add(new RawValue(kafkaProperty(name), name, value, SOURCE));
      }
    });
    for (DefunctKey key : defunct) {
      String value = ours.get(key.env());
      if (value != null) {
        values.add(new RawValue(key.name(), key.env(), value, SOURCE));
      }
    }
    return values;
  }

  /** {@code PERENNIAL_KAFKA_PROPERTIES_SASL_MECHANISM} is {@code sasl.mechanism}. */
  private static String kafkaProperty(String name) {
    String property = name.substring(KAFKA_PREFIX.length());
    return ConfigKey.KAFKA_PROPERTIES + property.toLowerCase(Locale.ROOT).replace('_', '.');
  }

  /** Names that neither a key nor a definition declares, and definitions that claim a key's. */
  List<Problem> check(Set<String> variables) {
    List<Problem> problems = new ArrayList<>();
    for (String name : ours.keySet()) {
      if (!isReserved(name) && !isDefunct(name) && !variables.contains(name)) {
        problems.add(unknown(name, SOURCE, variables));
      }
    }
    variables.stream()
        .filter(Environment::isReserved)
        .sorted()
        .map(Environment::clash)
        .forEach(problems::add);
    return problems;
  }

  private boolean isDefunct(String name) {
    return defunct.stream().anyMatch(key -> key.env().equals(name));
  }

  /** Whether the name belongs to the configuration or the launcher. */
  static boolean isReserved(String name) {
    return name.startsWith(KAFKA_PREFIX)
        || LAUNCHER.contains(name)
        || ConfigKey.all().stream().anyMatch(key -> key.env().equals(name));
  }

  static Problem unknown(String name, String source, Set<String> variables) {
    Stream<String> keys = ConfigKey.all().stream().map(ConfigKey::env);
    return new Problem(
        source,
        name,
        "neither a configuration key nor a variable that a definition declares",
        Nearest.hint(name, Stream.concat(keys, variables.stream()).toList()));
  }

  private static Problem clash(String name) {
    return new Problem(
        "definitions",
        name,
        "a definition's variable has the name of a configuration key",
        "rename the variable or the definition file");
  }
}
