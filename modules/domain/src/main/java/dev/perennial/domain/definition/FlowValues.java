package dev.perennial.domain.definition;

import dev.perennial.domain.Secret;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a template can read besides the declared variables. A value that the flow does not have is
 * null; naming it in a template is then a {@link RenderingException}.
 *
 * @param redirectUrl our callback URL of this integration, stable
 * @param state anti-forgery value of the consent link (RFC 6749 section 10.12)
 * @param codeChallenge S256 challenge (RFC 7636 section 4.2)
 * @param code the authorization code
 * @param codeVerifier RFC 7636 section 4.1
 * @param oauth the stored token response as JSON values (String, Number, Boolean, List, Map, null),
 *     with {@code redirect_params} in it; empty before the first answer
 * @param context what the connection brings along
 */
public record FlowValues(
    String redirectUrl,
    @Nullable Secret state,
    @Nullable String codeChallenge,
    @Nullable Secret code,
    @Nullable Secret codeVerifier,
    Map<String, ? extends @Nullable Object> oauth,
    ConnectionContext context) {

  /** For the consent link. */
  public static FlowValues forConsent(
      String redirectUrl, Secret state, @Nullable String codeChallenge) {
    return new FlowValues(
        redirectUrl, state, codeChallenge, null, null, Map.of(), ConnectionContext.NONE);
  }

  /** For the access token request; {@code oauth} holds the callback's parameters if kept. */
  public static FlowValues forCode(
      String redirectUrl,
      @Nullable Secret code,
      @Nullable Secret codeVerifier,
      Map<String, ? extends @Nullable Object> oauth) {
    return new FlowValues(
        redirectUrl, null, null, code, codeVerifier, oauth, ConnectionContext.NONE);
  }

  /** For the refresh request. */
  public static FlowValues forRefresh(
      String redirectUrl, Map<String, ? extends @Nullable Object> oauth) {
    return new FlowValues(redirectUrl, null, null, null, null, oauth, ConnectionContext.NONE);
  }

  /** The same for a connection with things of its own. */
  public FlowValues in(ConnectionContext other) {
    return new FlowValues(redirectUrl, state, codeChallenge, code, codeVerifier, oauth, other);
  }

  /** The same after another answer. */
  public FlowValues withOauth(Map<String, ? extends @Nullable Object> answers) {
    return new FlowValues(redirectUrl, state, codeChallenge, code, codeVerifier, answers, context);
  }

  /** Names what is there and prints none of it. */
  @Override
  public String toString() {
    return "FlowValues[redirectUrl=" + redirectUrl + ", oauth=" + oauth.keySet() + "]";
  }
}
