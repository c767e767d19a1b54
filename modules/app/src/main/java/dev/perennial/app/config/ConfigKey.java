package dev.perennial.app.config;

import dev.perennial.domain.Secret;
import io.smallrye.config.ConfigMappingInterface.Property;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One key of {@link PerennialConfig}, as its method declares it.
 *
 * @param name e.g. {@code perennial.kafka.bootstrap-servers}
 * @param type of one value, inside any Optional, List or Map
 * @param range null where any value of the type will do
 * @param described what it means to a reader
 */
record ConfigKey(
    String name,
    Class<?> type,
    @Nullable String defaultValue,
    @Nullable Between range,
    Described described) {
  static final String ROOT = "perennial.";

  /** Before the names of Kafka's own properties. */
  static final String KAFKA_PROPERTIES = ROOT + "kafka.properties.";

  private static final List<ConfigKey> ALL = read();

  /** Every key but Kafka's own properties, ordered by name. */
  static List<ConfigKey> all() {
    return ALL;
  }

  /** Every key, and {@code perennial.kafka.properties.<name>}, ordered by name. */
  static List<ConfigKey> documented() {
    return Stream.concat(ALL.stream(), Stream.of(anyKafkaProperty()))
        .sorted(Comparator.comparing(ConfigKey::name))
        .toList();
  }

  static @Nullable ConfigKey find(String name) {
    return ALL.stream().filter(key -> key.name.equals(name)).findFirst().orElse(null);
  }

  /** E.g. {@code PERENNIAL_KAFKA_BOOTSTRAP_SERVERS}. */
  String env() {
    return env(name);
  }

  static String env(String name) {
    return name.replaceAll("[^A-Za-z0-9<>]", "_").toUpperCase(Locale.ROOT);
  }

  /** Without {@code perennial.}. */
  String shortName() {
    return name.substring(ROOT.length());
  }

  /** Whether a message must not carry the value. */
  boolean secret() {
    return type == Secret.class || type == RedisUri.class;
  }

  private static List<ConfigKey> read() {
    return ConfigMappings.getProperties(ConfigClass.configClass(PerennialConfig.class))
        .entrySet()
        .stream()
        .filter(entry -> !entry.getValue().isGroup() && !entry.getValue().isMap())
        .filter(entry -> !entry.getKey().contains(".*"))
        .map(entry -> of(entry.getKey(), entry.getValue()))
        .filter(key -> !key.name().endsWith("[*]"))
        .sorted(Comparator.comparing(ConfigKey::name))
        .toList();
  }

  private static ConfigKey of(String name, Property property) {
    String byDefault = property.hasDefaultValue() ? property.getDefaultValue() : null;
    Class<?> type = valueType(property.getMethod().getGenericReturnType());
    Method method = property.getMethod();
    return new ConfigKey(
        name, type, byDefault, method.getAnnotation(Between.class), described(name, method));
  }

  /** As the page writes all of Kafka's own properties, since nobody can list them. */
  static ConfigKey anyKafkaProperty() {
    Method method = method(PerennialConfig.Kafka.class, "properties");
    String name = KAFKA_PROPERTIES + "<name>";
    return new ConfigKey(name, Secret.class, null, null, described(name, method));
  }

  private static Method method(Class<?> type, String name) {
    try {
      return type.getMethod(name);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Described described(String name, Method method) {
    Described described = method.getAnnotation(Described.class);
    if (described == null) {
      throw new IllegalStateException(name + " says nothing of itself: add @Described");
    }
    return described;
  }

  private static Class<?> valueType(Type type) {
    return type instanceof ParameterizedType wrapped
        ? valueType(Objects.requireNonNull(wrapped.getActualTypeArguments()[0]))
        : (Class<?>) type;
  }
}
