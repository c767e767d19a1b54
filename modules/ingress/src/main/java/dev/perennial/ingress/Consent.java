package dev.perennial.ingress;

import dev.perennial.domain.Secret;
import dev.perennial.domain.authorization.Preparation;
import dev.perennial.domain.definition.ConnectionContext;
import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.ProviderCalls;
import java.net.URI;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one consent is made of: discovered and prepared where the definition wants it.
 *
 * @param url of the provider's consent page, state and challenge in it
 */
record Consent(@Nullable Secret codeVerifier, URI url, Preparation preparation) {

  /**
   * @throws dev.perennial.domain.definition.RenderingException as rendering does
   * @throws ProviderCalls.CallFailedException where the provider cannot be asked
   */
  static Consent of(
      Integration integration,
      ConnectionContext asked,
      Secret state,
      ProviderCalls calls,
      IngressSettings settings,
      RandomText random) {
    Secret verifier = integration.pkce() ? random.secret() : null;
    FlowValues flow =
        FlowValues.forConsent(
            settings.redirectUrl(integration.slug()),
            state,
            verifier == null ? null : challenge(verifier));
    ConnectionContext context = calls.discover(integration, flow.in(asked));
    Preparation preparation = prepare(integration, context, flow, calls);
    URI url = integration.consentUrl(flow.in(context.withPrepare(preparation.prepared())));
    return new Consent(verifier, url, preparation);
  }

  /** Sends the request before the consent, where there is one. */
  static Preparation prepare(
      Integration integration, ConnectionContext context, FlowValues flow, ProviderCalls calls) {
    Secret dpopKey = integration.dpop() ? calls.newDpopKey() : null;
    Map<String, ? extends @Nullable Object> prepared =
        integration.prepares() ? calls.prepare(integration, flow.in(context), dpopKey) : Map.of();
    return new Preparation(
        context.variables(),
        context.scopes(),
        prepared,
        context.discovery().get("issuer") instanceof String issuer ? issuer : null,
        Boolean.TRUE.equals(
            context.discovery().get("authorization_response_iss_parameter_supported")),
        dpopKey);
  }

  /** S256 of RFC 7636 section 4.2. */
  private static String challenge(Secret verifier) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Sha256.of(verifier.reveal()));
  }

  /** The link holds the state, so it is not printed. */
  @Override
  public String toString() {
    return "Consent[" + url.getHost() + "]";
  }
}
