package dev.perennial.ingress;

import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Integrations;
import java.util.List;
import java.util.Map;

/** {@code GET /}: what this is; in an open installation also what can be connected. */
final class HomeEndpoint {
  private final Integrations integrations;
  private final IngressSettings settings;
  private final Pages pages;

  HomeEndpoint(Integrations integrations, IngressSettings settings, Pages pages) {
    this.integrations = integrations;
    this.settings = settings;
    this.pages = pages;
  }

  Answer page() {
    return pages.home(settings.openConnect() ? connectable() : List.of());
  }

  private List<Map<String, Object>> connectable() {
    return integrations.all().stream()
        .filter(Integration::hasConsent)
        .map(integration ->
            Map.<String, Object>of(
                "slug", integration.slug(),
                "href", settings.path("/connect/" + integration.slug()),
                "ready", integration.missingVariables().isEmpty()))
        .toList();
  }
}
