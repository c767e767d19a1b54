package dev.perennial.app.config;

import dev.perennial.domain.Secret;
import dev.perennial.domain.definition.Integrations;
import dev.perennial.integration.Definition;
import dev.perennial.integration.DefinitionDirectory;
import dev.perennial.integration.DefinitionProblems;
import dev.perennial.integration.IntegrationCatalog;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Everything an operator has written: configuration, definitions, and the values of their
 * variables, all of it read and found good. Immutable.
 *
 * @param definitions of {@code integrations.directory}, by name
 */
public record Installation(
    PerennialConfig config, List<Definition> definitions, Variables variables) {

  public Installation {
    definitions = List.copyOf(definitions);
  }

  /**
   * Reads all of it.
   *
   * @param environment the one the loader was given
   * @throws ConfigProblems where the configuration cannot be used; it has the errors of the
   *     definitions as {@link Throwable#getSuppressed suppressed}, where there are any
   * @throws DefinitionProblems where the definitions alone cannot be used
   */
  public static Installation load(ConfigLoader loader, Map<String, String> environment) {
    Reading reading = new Reading();
    PerennialConfig config;
    try {
      config = loader.variables(reading).load();
    } catch (ConfigProblems e) {
      if (reading.problems != null) {
        e.addSuppressed(reading.problems);
      }
      throw e;
    }
    if (reading.problems != null) {
      throw reading.problems;
    }
    Variables variables = Variables.of(environment, config.secrets().file().orElse(null));
    Installation installation = new Installation(config, reading.definitions, variables);
    installation.integrations(InstantSource.system(), new SecureRandom()); // refuses bad values
    return installation;
  }

  /**
   * The definitions, bound to their variables.
   *
   * @param random secure and thread-safe
   */
  public Integrations integrations(InstantSource clock, RandomGenerator random) {
    return new IntegrationCatalog(definitions, this::value, clock, random);
  }

  /** The value of a variable, as definitions are bound to it. */
  public Optional<String> value(String name) {
    return variables.find(name).map(Secret::reveal);
  }

  /** Reads the definitions on the way and keeps what came of it. */
  private static final class Reading implements Function<Path, Optional<Set<String>>> {
    private final List<Definition> definitions = new ArrayList<>();
    private @Nullable DefinitionProblems problems;

    @Override
    public Optional<Set<String>> apply(Path directory) {
      try {
        definitions.addAll(DefinitionDirectory.read(directory));
      } catch (DefinitionProblems e) {
        problems = e;
        return Optional.empty();
      }
      Set<String> names = new HashSet<>();
      definitions.forEach(definition -> names.addAll(definition.environmentNames()));
      return Optional.of(names);
    }
  }
}
