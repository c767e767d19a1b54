package dev.perennial.domain.authorization;

import dev.perennial.domain.Secret;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a valid callback brought, sealed on its way to the exchanger.
 *
 * @param code RFC 6749 section 4.1.2; null where the definition is {@code without_code}
 * @param codeVerifier RFC 7636; null without PKCE
 * @param redirectParameters the callback's other parameters, where the definition keeps them
 * @param preparation what the consent was begun with
 */
public record AuthorizationCode(
    @Nullable Secret code,
    @Nullable Secret codeVerifier,
    Map<String, String> redirectParameters,
    Preparation preparation) {

  /** Of a consent that was begun with nothing. */
  public AuthorizationCode(
      @Nullable Secret code, @Nullable Secret codeVerifier, Map<String, String> parameters) {
    this(code, codeVerifier, parameters, Preparation.NONE);
  }

  public AuthorizationCode {
    redirectParameters = Map.copyOf(redirectParameters);
  }

  @Override
  public String toString() {
    return "AuthorizationCode[redirectParameters=" + redirectParameters.keySet() + "]";
  }
}
