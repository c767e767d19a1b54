package dev.perennial.ingress;

import dev.perennial.domain.Secret;
import dev.perennial.domain.definition.Integration;
import java.util.Base64;

/**
 * The state of a consent whose provider never returns one: made from the browser's cookie, which
 * alone binds then. One consent of an integration at a time in one browser; the last one counts.
 */
final class CookieState {
  private CookieState() {}

  static Secret of(Integration integration, Secret browser) {
    byte[] hash = Sha256.of("state of " + integration.slug() + " in " + browser.reveal());
    return Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(hash));
  }
}
