package dev.perennial.domain.definition;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One provider application, read from its definition and bound to its variables, ready to render
 * requests. Thread-safe; rendering is pure and keeps nothing.
 *
 * <p>What most definitions do not say has a default here.
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

  /** Where things lie in the provider's answers. */
  default AnswerShape answerShape() {
    return AnswerShape.STANDARD;
  }

  /** How many token requests the provider takes; empty where the definition says nothing. */
  default Optional<RateLimit> limit() {
    return Optional.empty();
  }

  /** The parameter of a callback that carries the code; {@code code} where nothing else is said. */
  default String codeParameter() {
    return "code";
  }

  /** The parameter of a callback that carries the state; empty: the provider never returns it. */
  default Optional<String> stateParameter() {
    return Optional.of("state");
  }

  /** Whether token requests prove possession of a key of the connection (RFC 9449). */
  default boolean dpop() {
    return false;
  }

  /** How many values the secret with the most values has; they are tried in order. */
  default int secretChoices() {
    return 1;
  }

  /** The variables that each connection gives, in the order of the form. */
  default List<ConnectionVariable> connectionVariables() {
    return List.of();
  }

  /**
   * Why these values of per-connection variables cannot be used: unknown, missing or not allowed;
   * each reason names the variable and never a value. Empty when all is well.
   */
  default List<String> refuse(Map<String, String> connectionVariables) {
    return List.of();
  }

  /**
   * Why these scopes cannot be asked for beside those of the definition; each reason names a scope.
   * Empty when all is well.
   */
  default List<String> refuseScopes(List<String> scopes) {
    return scopes.isEmpty() ? List.of() : List.of("it has no place for more scopes");
  }

  /** Other tokens of the same grant, by name. */
  default List<SiblingToken> siblings() {
    return List.of();
  }

  /** The requests that follow the first answer to an access token or refresh request. */
  default List<FollowUp> followUps(Phase phase) {
    return List.of();
  }

  /** Whether a request comes before the consent, or before the polling of a device grant. */
  default boolean prepares() {
    return false;
  }

  /** Whether the provider has a way to be told that a grant is over. */
  default boolean revokes() {
    return false;
  }

  /** Whether the operator gave a value to any of its variables; a shipped definition has none. */
  default boolean isSetUp() {
    return true;
  }

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

  /**
   * The refresh request of a sibling; {@code oauth} has the sibling's tokens under {@code
   * access_token} and {@code refresh_token}.
   *
   * @throws IllegalArgumentException where there is no such sibling
   */
  default TokenRequest siblingRequest(String sibling, FlowValues values) {
    throw new IllegalArgumentException(slug() + " has no token " + sibling);
  }

  /**
   * A request that follows another.
   *
   * @param number from 0, below the size of {@link #followUps}
   * @param values with the answers so far in {@code oauth}
   */
  default TokenRequest followUpRequest(Phase phase, int number, FlowValues values) {
    throw new IllegalArgumentException(slug() + " has no follow-up " + number);
  }

  /**
   * @throws IllegalStateException where nothing is to be {@linkplain #prepares() prepared}
   */
  default TokenRequest prepareRequest(FlowValues values) {
    throw new IllegalStateException(slug() + " has no prepare");
  }

  /** Where the authorization server's metadata is read; empty where nothing is discovered. */
  default Optional<URI> discoveryUrl(FlowValues values) {
    return Optional.empty();
  }

  /**
   * @throws IllegalStateException where the definition cannot {@linkplain #revokes() revoke}
   */
  default TokenRequest revokeRequest(FlowValues values) {
    throw new IllegalStateException(slug() + " has no revoke");
  }

  /** Which of the two requests of a credential's life. */
  enum Phase {
    TOKEN,
    REFRESH
  }
}
