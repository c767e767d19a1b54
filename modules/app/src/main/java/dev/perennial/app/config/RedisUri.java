package dev.perennial.app.config;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** Where Redis is, and who we are to it. Prints host and port only. Immutable. */
public final class RedisUri {
  private static final int DEFAULT_PORT = 6379;
  private final URI uri;

  private RedisUri(URI uri) {
    this.uri = uri;
  }

  /**
   * Reads {@code redis[s]://[[user]:password@]host[:port][/database]}.
   *
   * @throws IllegalArgumentException where it is not one; the message carries nothing of it
   */
  public static RedisUri parse(String text) {
    try {
      return new RedisUri(checked(new URI(text)));
    } catch (URISyntaxException _) {
      throw malformed();
    }
  }

  private static URI checked(URI uri) {
    boolean scheme = "redis".equals(uri.getScheme()) || "rediss".equals(uri.getScheme());
    String path = uri.getRawPath();
    if (!scheme || uri.getHost() == null || !(path == null || path.matches("(/\\d{0,5})?"))) {
      throw malformed();
    }
    return uri;
  }

  private static IllegalArgumentException malformed() {
    return new IllegalArgumentException(
        "expected redis://host:port or rediss://user:password@host:port, special characters in"
            + " the password percent-encoded");
  }

  /** The URI itself, with user and password in it. Never log it, never put it into a message. */
  public URI reveal() {
    return uri;
  }

  /** {@code host:port}, fit for messages. */
  public String address() {
    return uri.getHost() + ":" + (uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RedisUri that && uri.equals(that.uri);
  }

  @Override
  public int hashCode() {
    return uri.hashCode();
  }

  @Override
  public String toString() {
    return uri.getScheme() + "://" + address();
  }
}
