package dev.perennial.domain.definition;

import java.net.URI;
import java.util.List;

/**
 * One provider application, read from its definition and bound to its variables, ready to render
 * requests. Thread-safe; rendering is pure and keeps nothing.
 *
 * <p>Each rendering method throws {@link RenderingException} where a value is missing or may not
 * stand where the template puts it.
 */
public interface Integration {

  /** {@code [a-z0-9-]}: the name of the definition file. */
  String slug();

  /** Whether a browser is needed: the definition has an {@code authenticate_url}. */
  boolean hasConsent();

  /** Whether a valid callback carries no authorization code. */
  boolean withoutCode();

  /** Whether the consent link carries a PKCE challenge (RFC 7636, S256). */
  boolean pkce();

  /** Whether a credential of this integration can be renewed without the user. */
  boolean refreshable();

  /** Whether parameters of the callback are kept with the credential. */
  boolean storesRedirectParameters();

  Lifetime lifetime();

  /** Names of variables without a value, each as the operator would set it; empty when ready. */
  List<String> missingVariables();

  /** The URL that asks the user for consent (RFC 6749 section 4.1.1), state and challenge in it. */
  URI consentUrl(FlowValues values);

  /** The access token request (RFC 6749 section 4.1.3, or 4.4 without a code). */
  TokenRequest tokenRequest(FlowValues values);

  /**
   * The refresh request (RFC 6749 section 6).
   *
   * @throws IllegalStateException where the integration is not {@link #refreshable()}
   */
  TokenRequest refreshRequest(FlowValues values);
}
