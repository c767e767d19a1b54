package dev.perennial.app.config;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;

/** What may stand as a URL in the configuration. */
public final class WebAddress {
  private WebAddress() {}

  /**
   * Whether redirect URLs can be built on it: https, or http on this machine (RFC 8252 section
   * 8.3), no query, nothing but a path without a slash at its end.
   */
  static boolean isPublicUrl(URI url) {
    String path = url.getRawPath();
    return isWeb(url)
        && url.getRawQuery() == null
        && url.getRawFragment() == null
        && (path == null || !path.endsWith("/"))
        && ("https".equals(url.getScheme()) || isThisMachine(url));
  }

  /** Whether a path can be added to it: http or https, no query, no slash at its end. */
  static boolean isBase(URI url) {
    return isWeb(url)
        && url.getRawQuery() == null
        && url.getRawFragment() == null
        && !url.toString().endsWith("/");
  }

  /** Whether what comes from it cannot be changed on its way: https, or http on this machine. */
  public static boolean isProtected(URI url) {
    return isWeb(url)
        && url.getRawFragment() == null
        && ("https".equals(url.getScheme()) || isThisMachine(url));
  }

  /** Whether the text is scheme, host and port alone (RFC 6454 section 6.2). */
  static boolean isOrigin(String text) {
    try {
      URI url = new URI(text);
      return isWeb(url) && text.equals(url.getScheme() + "://" + url.getRawAuthority());
    } catch (URISyntaxException _) {
      return false;
    }
  }

  private static boolean isWeb(URI url) {
    return ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))
        && url.getHost() != null
        && url.getRawUserInfo() == null;
  }

  /** {@code localhost}, its subdomains, or a literal loopback address; asks no name server. */
  private static boolean isThisMachine(URI url) {
    String host = url.getHost();
    if (host == null) {
      return false;
    }
    if (host.equals("localhost") || host.endsWith(".localhost")) {
      return true;
    }
    boolean literal = host.startsWith("[") || host.matches("[0-9.]+");
    try {
      return literal && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException _) {
      return false;
    }
  }
}
