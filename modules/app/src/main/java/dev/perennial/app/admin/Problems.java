package dev.perennial.app.admin;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Integrations;

/** Problems that several endpoints tell in the same words. */
final class Problems {
  private Problems() {}

  static Problem unknownIntegration(ConnectionKey key, Integrations integrations) {
    String known = String.join(", ", integrations.all().stream().map(Integration::slug).toList());
    return Problem.of(
            404,
            "unknown-integration",
            "No such integration",
            key.integration()
                + " has no definition here. "
                + (known.isEmpty() ? "There is none at all." : "There are: " + known))
        .about(key);
  }

  static Problem notSetUp(ConnectionKey key, Integration integration) {
    return Problem.of(
            409,
            "not-possible",
            "This integration cannot be connected",
            key + ": set " + String.join(", ", integration.missingVariables()) + " and start anew")
        .about(key);
  }
}
