package dev.perennial.integration.request;

import dev.perennial.domain.definition.RenderingException;
import java.net.URI;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a rendered URL may be called: https (or http on this machine), a host, no user
 * information, no way upwards in its path, and an allowed host where somebody else had a say in it.
 * Immutable.
 *
 * @param foreign a callback, an answer or a connection could choose the host
 */
record HostGuard(boolean foreign, AllowedHosts allowed) {
  private static final int MAX_PORT = 65535;

  URI check(String where, URI uri, Start start) {
    String reason = problem(uri, start);
    if (reason != null) {
      throw new RenderingException(where + ": " + reason);
    }
    return uri;
  }

  private @Nullable String problem(URI uri, Start start) {
    String host = uri.getHost();
    if (host == null || !Hosts.isHost(host)) {
      return "the URL it renders has no host";
    }
    if (uri.getRawUserInfo() != null) {
      return "user information in a URL is refused";
    }
    if (uri.getPort() > MAX_PORT) {
      return "the port it renders is greater than " + MAX_PORT;
    }
    if (!isSafe(String.valueOf(uri.getScheme()), host)) {
      return "only https is allowed, and http on a loopback host";
    }
    if (foreign && !allowed.allow(host)) {
      return "the host it renders is not in allowed_hosts, and the definition did not choose it";
    }
    if (foreign && start instanceof Start.Rendered && uri.getPort() != -1 && uri.getPort() != 443) {
      return "a callback or an answer may not choose the port";
    }
    return climbs(uri) ? "the path holds a '.' or '..' segment" : null;
  }

  static boolean isSafe(String scheme, String host) {
    return scheme.equalsIgnoreCase("https")
        || (scheme.equalsIgnoreCase("http") && Hosts.isLoopback(host));
  }

  /** Behind a host a path is empty or begins with a slash. */
  private static boolean climbs(URI uri) {
    String path = String.valueOf(uri.getPath());
    return path.contains("/.")
        && Arrays.stream(path.split("/", -1))
            .anyMatch(segment -> segment.equals(".") || segment.equals(".."));
  }
}
