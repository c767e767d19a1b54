package dev.perennial.app.config;

import dev.perennial.app.config.ConfigProblems.Problem;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.microprofile.config.spi.Converter;
import org.jspecify.annotations.Nullable;

/**
 * Reads the configuration once: file, then environment, then flags, the later one winning. An empty
 * value counts as not given (but for Kafka's own properties, where it means something). Not
 * thread-safe.
 */
public final class ConfigLoader {
  private static final String DEFAULT_FILE = "perennial.yaml";
  private static final int ABOVE_BUILT_IN = 1000;

  private final Path directory;
  private final Map<String, String> environment;
  private final Map<String, String> flags = new LinkedHashMap<>();
  private List<DefunctKey> defunct = DefunctKey.ALL;
  private @Nullable Path file;
  private @Nullable Function<Path, Optional<Set<String>>> variables;

  /**
   * @param directory where {@code perennial.yaml} is looked for unless {@link #file} names one
   * @param environment names and values, foreign ones too
   */
  public ConfigLoader(Path directory, Map<String, String> environment) {
    this.directory = directory;
    this.environment = environment;
  }

  /** Other keys than those that were in fact renamed or removed. */
  ConfigLoader defunct(List<DefunctKey> keys) {
    this.defunct = keys;
    return this;
  }

  /** The file to read; it must be there. */
  public ConfigLoader file(@Nullable Path configFile) {
    this.file = configFile;
    return this;
  }

  /**
   * Values that win over everything else.
   *
   * @param byKey by key without {@code perennial.}, e.g. {@code public.port}
   */
  public ConfigLoader flags(Map<String, String> byKey) {
    flags.putAll(byKey);
    return this;
  }

  /**
   * Checks that every other {@code PERENNIAL_} name, in the environment and in the secrets file, is
   * a variable of a definition. Without this call such names are passed over, which is right only
   * where the definitions are not at hand.
   *
   * @param inDirectory names of the variables that the definitions of a directory declare, as the
   *     environment writes them; empty where the definitions cannot be read, and then nothing is
   *     checked
   */
  public ConfigLoader variables(Function<Path, Optional<Set<String>>> inDirectory) {
    this.variables = inDirectory;
    return this;
  }

  /**
   * @throws ConfigProblems with everything that is wrong, if anything is
   */
  public PerennialConfig load() {
    List<Problem> problems = new ArrayList<>();
    Map<String, RawValue> merged = merge(problems);
    Set<String> bad = ConfigCheck.values(merged.values(), problems);
    merged.keySet().removeAll(bad);
    PerennialConfig config = map(merged);
    new ConfigCheck(config, merged, bad, problems).run();
    checkVariables(config, bad, problems);
    if (!problems.isEmpty()) {
      throw new ConfigProblems(problems);
    }
    return config;
  }

  /**
   * Every key with the value that counts and where it comes from, ordered by name; Kafka's own
   * properties as far as there are any. What is secret shows only that it is set.
   *
   * @throws ConfigProblems as {@link #load}
   */
  public List<EffectiveValue> effective() {
    PerennialConfig config = load();
    Map<String, RawValue> merged = merge(new ArrayList<>());
    List<EffectiveValue> effective = new ArrayList<>();
    for (ConfigKey key : ConfigKey.all()) {
      effective.add(EffectiveValue.of(key, merged.get(key.name()), config));
    }
    merged.values().stream()
        .filter(value -> isKafkaProperty(value.name()))
        .map(EffectiveValue::ofKafka)
        .forEach(effective::add);
    effective.sort(Comparator.comparing(EffectiveValue::key));
    return effective;
  }

  /** The winning value of each known key; unknown ones become problems. */
  private Map<String, RawValue> merge(List<Problem> problems) {
    List<RawValue> all = new ArrayList<>(fromFile(problems));
    all.addAll(new Environment(environment, defunct).values());
    flags.forEach(
        (key, value) -> all.add(new RawValue(ConfigKey.ROOT + key, key, value, "command line")));
    Map<String, RawValue> merged = new LinkedHashMap<>();
    for (RawValue value : all) {
      if (!isKnown(value.name()) && !isEmptyGroup(value)) {
        problems.add(unknown(value));
      } else if (!value.value().isEmpty() || isKafkaProperty(value.name())) {
        merged.put(value.name(), value);
      }
    }
    return merged;
  }

  private List<RawValue> fromFile(List<Problem> problems) {
    if (file != null) {
      return YamlFile.read(file, problems);
    }
    Path byDefault = directory.resolve(DEFAULT_FILE);
    return Files.exists(byDefault) ? YamlFile.read(byDefault, problems) : List.of();
  }

  private static boolean isKnown(String name) {
    return isKafkaProperty(name) || ConfigKey.find(name) != null;
  }

  /** {@code kafka:} with nothing under it. */
  private static boolean isEmptyGroup(RawValue value) {
    return value.value().isEmpty()
        && ConfigKey.all().stream().anyMatch(key -> key.name().startsWith(value.name() + "."));
  }

  static boolean isKafkaProperty(String name) {
    return name.startsWith(ConfigKey.KAFKA_PROPERTIES);
  }

  private Problem unknown(RawValue value) {
    DefunctKey formerly = DefunctKey.find(defunct, value.name());
    return formerly == null ? nearest(value) : formerly.problem(value.source(), value.written());
  }

  private static Problem nearest(RawValue value) {
    List<String> known = ConfigKey.all().stream().map(ConfigKey::name).toList();
    boolean outside = !value.name().startsWith(ConfigKey.ROOT);
    String hint = Nearest.hint(outside ? ConfigKey.ROOT + value.name() : value.name(), known);
    return new Problem(
        value.source(),
        value.written(),
        outside ? "not a key: everything stands under 'perennial:'" : "not a key",
        hint);
  }

  private static PerennialConfig map(Map<String, RawValue> values) {
    Map<String, String> properties = new HashMap<>();
    values.forEach((name, value) -> properties.put(smallryeName(name), value.value()));
    SmallRyeConfigBuilder builder =
        new SmallRyeConfigBuilder()
            .withSources(new PropertiesConfigSource(properties, "perennial", 100))
            .withMapping(PerennialConfig.class);
    ConfigValues.readers().forEach((type, reader) -> convert(builder, type, reader));
    SmallRyeConfig config = builder.build();
    return config.getConfigMapping(PerennialConfig.class);
  }

  /** A map's key with dots in it is quoted. */
  private static String smallryeName(String name) {
    return isKafkaProperty(name)
        ? ConfigKey.KAFKA_PROPERTIES
            + '"'
            + name.substring(ConfigKey.KAFKA_PROPERTIES.length())
            + '"'
        : name;
  }

  @SuppressWarnings("unchecked") // each reader is filed under the type it reads
  private static <T> void convert(
      SmallRyeConfigBuilder builder, Class<?> type, Function<String, ?> reader) {
    Converter<T> converter = text -> text.isEmpty() ? null : (T) reader.apply(text);
    builder.withConverter((Class<T>) type, ABOVE_BUILT_IN, converter);
  }

  private void checkVariables(PerennialConfig config, Set<String> bad, List<Problem> problems) {
    if (variables == null || bad.contains(ConfigKey.ROOT + "integrations.directory")) {
      return;
    }
    variables
        .apply(config.integrations().directory())
        .ifPresent(declared -> checkNames(config, declared, problems));
  }

  private void checkNames(PerennialConfig config, Set<String> declared, List<Problem> problems) {
    problems.addAll(new Environment(environment, defunct).check(declared));
    config
        .secrets()
        .file()
        .ifPresent(secrets -> problems.addAll(SecretsFile.check(secrets, declared)));
  }
}
