package dev.perennial.devstack.provider;

import dev.perennial.devstack.provider.ProviderProfile.Consent;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** RFC 6749, section 4.1.1: asks for consent, or gives it, and sends the browser back. */
final class AuthorizationEndpoint {
  private static final String DECISION = "sim_decision";

  private final ProviderProfile profile;
  private final Grants grants;
  private final String issuer;

  AuthorizationEndpoint(ProviderProfile profile, Grants grants, String issuer) {
    this.profile = profile;
    this.grants = grants;
    this.issuer = issuer;
  }

  HttpResponse answer(HttpRequest request) {
    if (!request.method().equals("GET")) {
      return page(405, ConsentPage.refused(profile.name, "Only GET is understood here."));
    }
    Parameters asked = request.queryParameters();
    String why = whyNotToTrust(asked);
    String redirectUri = asked.get("redirect_uri");
    if (why != null || redirectUri == null) {
      return page(400, ConsentPage.refused(profile.name, why == null ? "" : why));
    }
    String error = whyNotToAsk(asked);
    if (error != null) {
      return back(redirectUri, asked, Map.of("error", error));
    }
    return decide(request, asked, redirectUri);
  }

  // Who cannot be trusted is not redirected to either (section 4.1.2.1).
  private @Nullable String whyNotToTrust(Parameters asked) {
    if (!profile.clientId.equals(asked.get("client_id"))) {
      return "The client_id is missing or unknown.";
    }
    String redirectUri = asked.get("redirect_uri");
    return redirectUri == null || !isWeb(redirectUri)
        ? "The redirect_uri is missing or is not an http or https address."
        : null;
  }

  private static boolean isWeb(String text) {
    URI uri = URI.create(text);
    return uri.getHost() != null
        && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()));
  }

  private @Nullable String whyNotToAsk(Parameters asked) {
    if (profile.adminConsentTenant != null) {
      return null;
    }
    if (!"code".equals(asked.get("response_type"))) {
      return "unsupported_response_type";
    }
    return profile.pkceRequired && asked.get("code_challenge") == null ? "invalid_request" : null;
  }

  private HttpResponse decide(HttpRequest request, Parameters asked, String redirectUri) {
    String clicked = asked.get(DECISION);
    boolean asks = profile.consent == Consent.PAGE && clicked == null;
    if (asks) {
      return page(200, ask(request, asked));
    }
    boolean denied = profile.consent == Consent.DENIED || "deny".equals(clicked);
    return back(
        redirectUri, asked, denied ? Map.of("error", "access_denied") : given(asked, redirectUri));
  }

  private String ask(HttpRequest request, Parameters asked) {
    String link = "?" + request.query() + "&" + DECISION + "=";
    return ConsentPage.ask(
        profile.name,
        asked.get("client_id", ""),
        asked.get("scope", ""),
        link + "allow",
        link + "deny");
  }

  private Map<String, String> given(Parameters asked, String redirectUri) {
    if (profile.adminConsentTenant != null) {
      return Map.of("admin_consent", "True", "tenant", profile.adminConsentTenant);
    }
    Grants.Asked consent =
        new Grants.Asked(
            asked.get("scope", ""),
            redirectUri,
            asked.get("code_challenge"),
            asked.get("code_challenge_method"));
    return Map.of("code", grants.consent(consent));
  }

  private HttpResponse back(String redirectUri, Parameters asked, Map<String, String> said) {
    Map<String, String> query = new LinkedHashMap<>(said);
    String state = asked.get("state");
    if (state != null) {
      query.put("state", state);
    }
    if (profile.issuerStated) {
      query.put("iss", issuer);
    }
    String separator = redirectUri.contains("?") ? "&" : "?";
    return HttpResponse.redirect(redirectUri + separator + Parameters.encode(query));
  }

  private static HttpResponse page(int status, String html) {
    return HttpResponse.of(status, "text/html; charset=utf-8", html)
        .with("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        .with("Referrer-Policy", "no-referrer");
  }
}
