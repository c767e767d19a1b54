package dev.perennial.app.admin;

import dev.perennial.domain.definition.AnswerShape;
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
public final class KnownIntegrations implements Integrations {
  private final Map<String, Integration> known = new TreeMap<>();

  public KnownIntegrations with(
      String slug, boolean consent, boolean refreshable, String... missing) {
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
    /** The one named shop wants the name of a shop. */
    @Override
    public List<String> refuse(Map<String, String> variables) {
      boolean wanted = slug.equals("shop");
      if (wanted && !variables.containsKey("SHOP")) {
        return List.of("SHOP is missing");
      }
      return wanted || variables.isEmpty() ? List.of() : List.of("there are none");
    }

    /** The one named shop has no scopes. */
    @Override
    public List<String> refuseScopes(List<String> scopes) {
      return slug.equals("shop") && !scopes.isEmpty() ? List.of("no place for them") : List.of();
    }

    /** The one named shop calls its refresh token otherwise. */
    @Override
    public AnswerShape answerShape() {
      AnswerShape plain = AnswerShape.STANDARD;
      return slug.equals("shop")
          ? new AnswerShape(
              List.of("data"),
              plain.accessToken(),
              List.of(List.of("rt")),
              plain.expiry(),
              false,
              plain.refreshTokenExpiry(),
              plain.success(),
              plain.errors())
          : plain;
    }

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
