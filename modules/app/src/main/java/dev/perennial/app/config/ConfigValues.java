package dev.perennial.app.config;

import dev.perennial.app.audit.Reads;
import dev.perennial.domain.Secret;
import dev.perennial.ingress.limit.Clients;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * How a value of each type is written. Each reader throws {@link IllegalArgumentException} that
 * says what was expected and carries nothing of the value.
 */
final class ConfigValues {
  private static final Map<Class<?>, Function<String, ?>> READERS = new LinkedHashMap<>();

  static {
    READERS.put(String.class, Function.identity());
    READERS.put(int.class, ConfigValues::integer);
    READERS.put(double.class, ConfigValues::number);
    READERS.put(boolean.class, ConfigValues::bool);
    READERS.put(Duration.class, Durations::parse);
    READERS.put(Path.class, ConfigValues::path);
    READERS.put(URI.class, ConfigValues::uri);
    READERS.put(Secret.class, Secret::of);
    READERS.put(RedisUri.class, RedisUri::parse);
    READERS.put(LeadTimes.class, LeadTimes::parse);
    READERS.put(PerennialConfig.GroupProtocol.class, oneOf(PerennialConfig.GroupProtocol.class));
    READERS.put(Clients.Header.class, oneOf(Clients.Header.class));
    READERS.put(Reads.class, oneOf(Reads.class));
    READERS.put(PerennialConfig.Log.Level.class, oneOf(PerennialConfig.Log.Level.class));
    READERS.put(PerennialConfig.Log.Format.class, oneOf(PerennialConfig.Log.Format.class));
  }

  private ConfigValues() {}

  /** Every type a key can have, with its reader. */
  static Map<Class<?>, Function<String, ?>> readers() {
    return READERS;
  }

  static Object read(Class<?> type, String text) {
    Function<String, ?> reader = READERS.get(type);
    if (reader == null) {
      throw new IllegalStateException("no reader for " + type);
    }
    return reader.apply(text);
  }

  private static int integer(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException("expected a whole number");
    }
  }

  private static double number(String text) {
    try {
      double value = Double.parseDouble(text);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException _) {
      // told below
    }
    throw new IllegalArgumentException("expected a number such as 0.75");
  }

  private static boolean bool(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("expected true or false");
    };
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException _) {
      throw new IllegalArgumentException("expected a path");
    }
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException _) {
      throw new IllegalArgumentException("expected a URL");
    }
  }

  private static <E extends Enum<E>> Function<String, E> oneOf(Class<E> type) {
    Map<String, E> constants = new LinkedHashMap<>();
    EnumSet.allOf(type).forEach(it -> constants.put(it.name().toLowerCase(Locale.ROOT), it));
    return text -> {
      E constant = constants.get(text);
      if (constant == null) {
        throw new IllegalArgumentException(
            "expected one of " + String.join(", ", constants.keySet()));
      }
      return constant;
    };
  }
}
