package dev.perennial.exchanger;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The origin of a URL (RFC 6454): scheme, host and port, so that two spellings of one are equal.
 *
 * @param host in lower case
 * @param port the scheme's own where none is written
 */
record Origin(String scheme, String host, int port) {
  private static final int HIGHEST = 65535;

  private static final Pattern URL =
      Pattern.compile(
          "(?i)(https?)://([a-z0-9._-]+|\\[[0-9a-f:.%]+\\])(?::([0-9]{1,5}))?(?:[/?#].*)?",
          Pattern.DOTALL);

  /** Empty where there is none that could be asked, or a user name before the host. */
  static Optional<Origin> of(URI url) {
    return of(url.toString());
  }

  /** Of a text that need not be a URL behind its authority, as templates in it are not. */
  static Optional<Origin> of(String url) {
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String scheme = String.valueOf(parts.group(1)).toLowerCase(Locale.ROOT);
    String host = String.valueOf(parts.group(2)).toLowerCase(Locale.ROOT);
    int own = scheme.equals("https") ? 443 : 80;
    int port = parts.group(3) == null ? own : Integer.parseInt(parts.group(3));
    return port > HIGHEST ? Optional.empty() : Optional.of(new Origin(scheme, host, port));
  }
}
