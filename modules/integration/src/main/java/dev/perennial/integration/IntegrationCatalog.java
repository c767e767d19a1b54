package dev.perennial.integration;

import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Integrations;
import dev.perennial.integration.Finding.Severity;
import dev.perennial.integration.document.Place;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** The integrations of an installation: its definitions, bound to their variables. Thread-safe. */
public final class IntegrationCatalog implements Integrations {
  private final SortedMap<String, Integration> integrations;
  private final Set<String> variableNames;

  /**
   * Binds definitions to their variables. A missing value is no error: see {@link
   * Integration#missingVariables()}.
   *
   * @param lookup of a variable by what the operator sets, e.g. {@code PERENNIAL_GOOGLE_CLIENT_ID}
   * @param random for {@code random()} and {@code uuid()}: secure and thread-safe
   * @throws DefinitionProblems where a value is not allowed, or one name would set two variables
   */
  public IntegrationCatalog(
      Collection<Definition> definitions,
      Function<String, Optional<String>> lookup,
      InstantSource clock,
      RandomGenerator random) {
    this(definitions, lookup, clock, random, UnaryOperator.identity());
  }

  private IntegrationCatalog(
      Collection<Definition> definitions,
      Function<String, Optional<String>> lookup,
      InstantSource clock,
      RandomGenerator random,
      UnaryOperator<URI> address) {
    SortedMap<String, Integration> bound = new TreeMap<>();
    List<Finding> problems = new ArrayList<>(clashes(definitions));
    for (Definition definition : definitions) {
      Variables variables = Variables.bind(definition, lookup);
      problems.addAll(variables.problems());
      bound.put(
          definition.slug(), new BoundIntegration(definition, variables, clock, random, address));
    }
    if (!problems.isEmpty()) {
      throw new DefinitionProblems(problems);
    }
    this.integrations = Collections.unmodifiableSortedMap(bound);
    this.variableNames = Collections.unmodifiableSet(names(definitions));
  }

  /**
   * For tests only, and not reachable from any configuration: every rendered URL, checked already,
   * goes through {@code address}, so that an unchanged definition can talk to a server of the test.
   */
  public static IntegrationCatalog withAddressesReplaced(
      Collection<Definition> definitions,
      Function<String, Optional<String>> lookup,
      InstantSource clock,
      RandomGenerator random,
      UnaryOperator<URI> address) {
    return new IntegrationCatalog(definitions, lookup, clock, random, address);
  }

  @Override
  public Optional<Integration> find(String slug) {
    return Optional.ofNullable(integrations.get(slug));
  }

  @Override
  public Collection<Integration> all() {
    return integrations.values();
  }

  /** Everything the operator may set for these integrations, whether a template reads it or not. */
  public Set<String> variableNames() {
    return variableNames;
  }

  private static Set<String> names(Collection<Definition> definitions) {
    Set<String> names = new TreeSet<>();
    definitions.forEach(definition -> names.addAll(definition.environmentNames()));
    return names;
  }

  /** {@code a-b} with {@code C} and {@code a} with {@code B_C} are set by the same name. */
  private static List<Finding> clashes(Collection<Definition> definitions) {
    List<Finding> clashes = new ArrayList<>();
    Map<String, Definition> owners = new HashMap<>();
    Set<String> slugs = new TreeSet<>();
    for (Definition definition : definitions) {
      if (!slugs.add(definition.slug())) {
        clashes.add(error(definition, "there is another definition of " + definition.slug()));
        continue;
      }
      for (String name : definition.environmentNames()) {
        Definition other = owners.putIfAbsent(name, definition);
        if (other != null) {
          clashes.add(error(definition, name + " would also set a variable of " + other.slug()));
        }
      }
    }
    return clashes;
  }

  private static Finding error(Definition definition, String reason) {
    return new Finding(Severity.ERROR, definition.file(), Place.FILE, reason);
  }
}
