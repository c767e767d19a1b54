package dev.perennial.domain.definition;

import java.util.Collection;
import java.util.Optional;

/** The integrations of this installation, by slug. Thread-safe. */
public interface Integrations {
  Optional<Integration> find(String slug);

  /** All of them, ordered by slug. */
  Collection<Integration> all();
}
