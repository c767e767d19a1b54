package dev.perennial.app.metric;

import dev.perennial.domain.credential.Census;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Integrations;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What is kept for each integration that has a definition, and once for all others, so that nobody
 * outside can make new series. Thread-safe.
 *
 * @param <T> is kept
 */
final class IntegrationLabels<T> {
  private final Integrations integrations;
  private final Function<String, T> make;
  private final Map<String, T> made = new ConcurrentHashMap<>();

  /**
   * @param make from the label's value
   */
  IntegrationLabels(Integrations integrations, Function<String, T> make) {
    this.integrations = integrations;
    this.make = make;
  }

  T of(String slug) {
    T known = made.get(slug);
    return known != null ? known : made.computeIfAbsent(label(slug), make);
  }

  private String label(String slug) {
    return integrations.find(slug).isPresent() ? slug : Census.OTHER;
  }

  /** Makes those that can be used, so that their counters are there before they count. */
  Collection<T> usable() {
    for (Integration integration : integrations.all()) {
      if (integration.missingVariables().isEmpty()) {
        of(integration.slug());
      }
    }
    return made.values();
  }
}
