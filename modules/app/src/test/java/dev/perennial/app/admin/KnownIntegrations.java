package dev.perennial.app.admin;

import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Integrations;
import dev.perennial.domain.definition.Lifetime;
import dev.perennial.domain.definition.TokenRequest;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Integrations that render nothing. */
final class KnownIntegrations implements Integrations {
  private final Map<String, Integration> known = new TreeMap<>();

  KnownIntegrations with(String slug, boolean consent, boolean refreshable, String... missing) {
    known.put(slug, new Known(slug, consent, refreshable, List.of(missing)));
    return this;
  }

  @Override
  public Optional<Integration> find(String slug) {
    return Optional.ofNullable(known.get(slug));
  }

  @Override
  public Collection<Integration> all() {
    return known.values();
  }

  private record Known(
      String slug, boolean hasConsent, boolean refreshable, List<String> missingVariables)
      implements Integration {
    @Override
    public boolean withoutCode() {
      return false;
    }

    @Override
    public boolean pkce() {
      return false;
    }

    @Override
    public boolean storesRedirectParameters() {
      return true;
    }

    @Override
    public Lifetime lifetime() {
      return Lifetime.UNSAID;
    }

    @Override
    public URI consentUrl(FlowValues values) {
      throw new UnsupportedOperationException();
    }

    @Override
    public TokenRequest tokenRequest(FlowValues values) {
      throw new UnsupportedOperationException();
    }

    @Override
    public TokenRequest refreshRequest(FlowValues values) {
      throw new UnsupportedOperationException();
    }
  }
}
