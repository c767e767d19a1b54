package dev.perennial.app.config;

import org.jspecify.annotations.Nullable;

/**
 * The value of a key that counts.
 *
 * @param key without {@code perennial.}
 * @param env its name in the environment
 * @param value as written; of a secret no more than that it is set; empty where there is none
 * @param source e.g. {@code perennial.yaml:12}; {@code default}
 * @param byDefault the value without any source; empty where there is none
 * @param values unit and range
 * @param secret whether the value is left out
 * @param reload whether a change counts while the process runs
 * @param meaning one line of Markdown
 */
public record EffectiveValue(
    String key,
    String env,
    String value,
    String source,
    String byDefault,
    String values,
    boolean secret,
    boolean reload,
    String meaning) {
  private static final String SET = "(set)";
  private static final String DEFAULT = "default";

  public boolean isDefault() {
    return source.equals(DEFAULT);
  }

  /** Whether this is the key, or stands below it. */
  public boolean isUnder(String other) {
    return key.equals(other) || key.startsWith(other + ".");
  }

  static EffectiveValue of(ConfigKey key, @Nullable RawValue given, PerennialConfig config) {
    String source = given == null ? DEFAULT : given.source();
    return of(key, key.shortName(), key.env(), value(key, given, config), source);
  }

  static EffectiveValue ofKafka(RawValue given) {
    String name = given.name().substring(ConfigKey.ROOT.length());
    ConfigKey any = ConfigKey.anyKafkaProperty();
    return of(any, name, ConfigKey.env(given.name()), SET, given.source());
  }

  private static EffectiveValue of(
      ConfigKey key, String name, String env, String value, String source) {
    return new EffectiveValue(
        name,
        env,
        value,
        source,
        byDefault(key),
        ConfigPage.values(key),
        key.secret(),
        key.described().reload(),
        key.described().meaning());
  }

  private static String value(ConfigKey key, @Nullable RawValue given, PerennialConfig config) {
    if (key.type() == RedisUri.class) {
      return config.redis().uri().toString();
    }
    if (given != null) {
      return key.secret() ? SET : given.value();
    }
    return byDefault(key);
  }

  private static String byDefault(ConfigKey key) {
    return key.defaultValue() == null ? "" : key.defaultValue();
  }
}
