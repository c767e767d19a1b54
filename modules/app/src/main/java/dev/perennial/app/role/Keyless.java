package dev.perennial.app.role;

import dev.perennial.app.config.PerennialConfig;
import dev.perennial.app.metric.Meters;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Integrations;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What a command stands on that copies credentials as they are sealed: no key, no definitions. */
final class Keyless {
  private Keyless() {}

  static Foundation on(PerennialConfig config) {
    return new Foundation(
        config, new NoIntegrations(), new NoSealer(), NodeOptions.PRODUCTION, Meters.unseen());
  }

  private record NoIntegrations() implements Integrations {
    @Override
    public Optional<Integration> find(String slug) {
      return Optional.empty();
    }

    @Override
    public Collection<Integration> all() {
      return List.of();
    }
  }

  private record NoSealer() implements Sealer {
    @Override
    public Sealed seal(ConnectionKey key, Purpose purpose, byte[] plain) {
      throw new IllegalStateException("nothing is sealed here");
    }

    @Override
    public byte[] open(ConnectionKey key, Purpose purpose, Sealed sealed) {
      throw new UnsealableException("nothing is opened here");
    }
  }
}
