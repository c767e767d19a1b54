package dev.perennial.app.config;

import dev.perennial.domain.Secret;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Values of the variables that definitions declare, by the name the environment writes ({@code
 * PERENNIAL_GOOGLE_CLIENT_ID}): from the environment, else from the secrets file. An empty value in
 * the environment counts as not given. Immutable.
 */
public final class Variables {
  private final Map<String, String> environment;
  private final Map<String, Secret> secrets;

  private Variables(Map<String, String> environment, Map<String, Secret> secrets) {
    this.environment = Map.copyOf(environment);
    this.secrets = Map.copyOf(secrets);
  }

  /**
   * @param secretsFile null where there is none
   * @throws ConfigProblems where the file cannot be read
   */
  public static Variables of(Map<String, String> environment, @Nullable Path secretsFile) {
    return new Variables(
        environment, secretsFile == null ? Map.of() : SecretsFile.read(secretsFile));
  }

  /** The value of a variable; empty where nobody gave one. */
  public Optional<Secret> find(String name) {
    String value = environment.getOrDefault(name, "");
    return value.isEmpty() ? Optional.ofNullable(secrets.get(name)) : Optional.of(Secret.of(value));
  }

  @Override
  public String toString() {
    return "Variables" + secrets.keySet();
  }
}
