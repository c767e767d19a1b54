package dev.perennial.ingress;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An absolute http or https URL with a host and no user in it, taken apart. Immutable.
 *
 * @param scheme {@code http} or {@code https}
 * @param host in lower case
 * @param port -1 where it is the scheme's own
 * @param path encoded; may be empty
 * @param query encoded; null = none
 * @param fragment encoded; null = none
 */
record WebAddress(
    String scheme,
    String host,
    int port,
    String path,
    @Nullable String query,
    @Nullable String fragment) {

  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|.+\\.localhost|127(\\.\\d{1,3}){3}|\\[::1]");

  /** Empty where the text is no such URL. */
  static Optional<WebAddress> read(String text) {
    try {
      return read(new URI(text));
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }

  static Optional<WebAddress> read(URI uri) {
    String scheme = lower(uri.getScheme());
    String host = lower(uri.getHost());
    if (!(scheme.equals("https") || scheme.equals("http"))
        || host.isEmpty()
        || uri.getRawUserInfo() != null) {
      return Optional.empty();
    }
    int usual = scheme.equals("https") ? 443 : 80;
    return Optional.of(
        new WebAddress(
            scheme,
            host,
            uri.getPort() == usual ? -1 : uri.getPort(),
            Objects.requireNonNullElse(uri.getRawPath(), ""),
            uri.getRawQuery(),
            uri.getRawFragment()));
  }

  /** RFC 6454, written one way: lower case, default ports left out. */
  String origin() {
    return scheme + "://" + host + (port < 0 ? "" : ":" + port);
  }

  /** Whether the host can only be this machine. */
  boolean isLoopback() {
    return LOOPBACK.matcher(host).matches();
  }

  /** Whether it is an origin and nothing more. */
  boolean isOrigin() {
    return (path.isEmpty() || path.equals("/")) && query == null && fragment == null;
  }

  /** The same address with more parameters at the end of its query. */
  String withQuery(String more) {
    return origin()
        + (path.isEmpty() ? "/" : path)
        + "?"
        + (query == null || query.isEmpty() ? more : query + "&" + more)
        + (fragment == null ? "" : "#" + fragment);
  }

  private static String lower(@Nullable String text) {
    return text == null ? "" : text.toLowerCase(Locale.ROOT);
  }
}
