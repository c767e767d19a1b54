package dev.perennial.ingress;

import dev.perennial.domain.Secret;
import java.util.Optional;

/**
 * The cookie that binds a consent to the browser it began in (RFC 9700 section 4.7.1). One random
 * value per browser, used by every consent in it, so that several can run side by side. Immutable.
 */
final class BrowserBinding {
  private final String name;
  private final String attributes;

  BrowserBinding(IngressSettings settings) {
    // __Host- demands Secure and Path=/; browsers take neither from plain http on localhost.
    this.name = settings.secure() ? "__Host-perennial" : "perennial";
    this.attributes = "; Path=/; HttpOnly; SameSite=Lax" + (settings.secure() ? "; Secure" : "");
  }

  /** Name of the cookie. */
  String name() {
    return name;
  }

  /** The binding a browser sent; empty where it sent none, or nothing we could have set. */
  Optional<Secret> read(Optional<String> cookie) {
    return cookie.filter(RandomText::looksLikeSecret).map(Secret::of);
  }

  /** The value of {@code Set-Cookie}; lives as long as the browser session. */
  String setCookie(Secret browser) {
    return name + "=" + browser.reveal() + attributes;
  }
}
