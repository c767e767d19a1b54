package dev.perennial.integration.request;

import java.util.List;
import java.util.Locale;

/**
 * Hosts that a callback or an answer may put into a URL: without such a list a forged callback
 * could send the client secret anywhere. Immutable.
 *
 * @param patterns hosts, or {@code *.host} for every host below it
 */
public record AllowedHosts(List<String> patterns) {
  public static final AllowedHosts NONE = new AllowedHosts(List.of());

  public AllowedHosts {
    patterns = patterns.stream().map(pattern -> pattern.toLowerCase(Locale.ROOT)).toList();
  }

  /** Whether a text can stand in the list. A wildcard needs two labels behind it. */
  public static boolean isPattern(String text) {
    return text.startsWith("*.")
        ? text.indexOf('.', 2) > 0 && Hosts.isHost(text.substring(2))
        : Hosts.isHost(text);
  }

  public boolean isEmpty() {
    return patterns.isEmpty();
  }

  boolean allow(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return patterns.stream().anyMatch(pattern -> matches(pattern, lower));
  }

  private static boolean matches(String pattern, String host) {
    return pattern.startsWith("*.") ? host.endsWith(pattern.substring(1)) : host.equals(pattern);
  }
}
