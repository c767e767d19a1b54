package dev.perennial.app.config;

import org.jspecify.annotations.Nullable;

/**
 * The value of a key that counts.
 *
 * @param key without {@code perennial.}
 * @param value as written; of a secret no more than that it is set; empty where there is none
 * @param source e.g. {@code perennial.yaml:12}; {@code default}
 */
public record EffectiveValue(String key, String value, String source) {
  private static final String SET = "(set)";
  private static final String DEFAULT = "default";

  public boolean isDefault() {
    return source.equals(DEFAULT);
  }

  static EffectiveValue of(ConfigKey key, @Nullable RawValue given, PerennialConfig config) {
    return new EffectiveValue(
        shortName(key.name()), value(key, given, config), given == null ? DEFAULT : given.source());
  }

  static EffectiveValue ofKafka(RawValue given) {
    return new EffectiveValue(shortName(given.name()), SET, given.source());
  }

  private static String value(ConfigKey key, @Nullable RawValue given, PerennialConfig config) {
    if (key.type() == RedisUri.class) {
      return config.redis().uri().toString();
    }
    if (given != null) {
      return key.secret() ? SET : given.value();
    }
    return key.defaultValue() == null ? "" : key.defaultValue();
  }

  private static String shortName(String name) {
    return name.substring(ConfigKey.ROOT.length());
  }
}
