package dev.perennial.app.admin;

import dev.perennial.domain.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/**
 * What a caller of the admin API must show (RFC 6750 section 2.1). Only its SHA-256 is kept, and
 * comparing takes the same time wherever the two differ. Immutable.
 */
public final class AdminKey {
  private static final String SCHEME = "Bearer ";

  private final byte[] hash;

  private AdminKey(byte[] hash) {
    this.hash = hash;
  }

  /** Nobody has it: everything that needs it is refused. */
  public static AdminKey none() {
    return new AdminKey(new byte[0]);
  }

  public static AdminKey of(Secret token) {
    return new AdminKey(sha256(token.reveal()));
  }

  /**
   * @param authorization the request's header, if any
   */
  boolean accepts(Optional<String> authorization) {
    return authorization
        .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
        .map(value -> MessageDigest.isEqual(hash, sha256(value.substring(SCHEME.length()).strip())))
        .orElse(false);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
