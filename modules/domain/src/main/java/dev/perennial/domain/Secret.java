package dev.perennial.domain;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * A text that must not be printed: a token, a code, a state, a client secret. It is opened through
 * one door, {@link #reveal()}, so that every place that opens one is found by one search.
 * Immutable. Comparison takes the same time wherever the texts differ.
 */
public final class Secret {
  private final String text;

  private Secret(String text) {
    this.text = text;
  }

  public static Secret of(String text) {
    return new Secret(text);
  }

  /** The text itself. Never log it, never put it into a message. */
  public String reveal() {
    return text;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Secret that
        && MessageDigest.isEqual(
            text.getBytes(StandardCharsets.UTF_8), that.text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** Says that there is a secret, and nothing of it. */
  @Override
  public String toString() {
    return "***";
  }
}
