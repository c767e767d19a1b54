package dev.perennial.domain.authorization;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import org.jspecify.annotations.Nullable;

/**
 * What ingress remembers between the consent link and its callback.
 *
 * @param id of this consent: random, not secret, names it in events and on pages
 * @param browser the value of the cookie that binds it to one browser
 * @param codeVerifier RFC 7636 section 4.1; null without PKCE
 * @param returnTo where the browser goes afterwards; null = our own page
 * @param opener origin of the page that opened the consent in a window of its own, to be told when
 *     it is over; null where there is none
 * @param session the connect session it was begun with; null where {@code /connect} is open
 * @param preparation what the consent was begun with
 */
public record PendingAuthorization(
    ConnectionKey key,
    String id,
    Secret browser,
    @Nullable Secret codeVerifier,
    @Nullable String returnTo,
    @Nullable String opener,
    @Nullable Secret session,
    Preparation preparation) {

  /** Of a consent in an ordinary window. */
  public PendingAuthorization(
      ConnectionKey key,
      String id,
      Secret browser,
      @Nullable Secret codeVerifier,
      @Nullable String returnTo,
      @Nullable Secret session,
      Preparation preparation) {
    this(key, id, browser, codeVerifier, returnTo, null, session, preparation);
  }
}
