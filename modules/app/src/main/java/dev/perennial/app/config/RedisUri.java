package dev.perennial.app.config;

import dev.perennial.credentials.RedisAddress;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * {@code redis.uri}: where Redis is, and who we are to it. Prints neither user nor password.
 * Immutable.
 */
public final class RedisUri {
  private final String text;
  private final RedisAddress address;

  private RedisUri(String text) {
    this.text = text;
    this.address = RedisAddress.parse(text);
  }

  /**
   * Reads what {@link RedisAddress} describes.
   *
   * @throws IllegalArgumentException where it is none; the message carries nothing of it
   */
  public static RedisUri parse(String text) {
    return new RedisUri(text);
  }

  /** The URI itself, with user and password in it. Never log it, never put it into a message. */
  public URI reveal() {
    return URI.create(text);
  }

  public RedisAddress address() {
    return address;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RedisUri that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return address.toString();
  }
}
