package dev.perennial.app.role;

import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Integrations;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** For commands that ask no provider anything. */
record NoIntegrations() implements Integrations {
  @Override
  public Optional<Integration> find(String slug) {
    return Optional.empty();
  }

  @Override
  public Collection<Integration> all() {
    return List.of();
  }
}
