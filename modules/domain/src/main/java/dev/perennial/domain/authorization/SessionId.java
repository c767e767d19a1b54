package dev.perennial.domain.authorization;

import dev.perennial.domain.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The public name of a connect session: 132 bits of a hash of its secret, so that whoever has the
 * secret can tell the name and nobody the other way. Immutable.
 *
 * @param text 22 characters of base64url
 */
public record SessionId(String text) {
  private static final int LENGTH = 22;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{" + LENGTH + "}");

  /** Apart from every other hash of the same secret. */
  private static final String DOMAIN = "perennial connect session id\n";

  /**
   * @throws IllegalArgumentException where it cannot be one
   */
  public SessionId {
    if (!ID.matcher(text).matches()) {
      throw new IllegalArgumentException("the id of a connect session has 22 characters");
    }
  }

  public static SessionId of(Secret session) {
    byte[] hash = sha256((DOMAIN + session.reveal()).getBytes(StandardCharsets.UTF_8));
    return new SessionId(
        Base64.getUrlEncoder().withoutPadding().encodeToString(hash).substring(0, LENGTH));
  }

  /** Empty where the text cannot be one. */
  public static Optional<SessionId> read(String text) {
    return ID.matcher(text).matches() ? Optional.of(new SessionId(text)) : Optional.empty();
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
