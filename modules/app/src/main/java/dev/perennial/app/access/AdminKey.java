package dev.perennial.app.access;

import dev.perennial.domain.Secret;
import java.security.MessageDigest;

/**
 * The token of the configuration, which may do everything. Only its SHA-256 is kept, and comparing
 * takes the same time wherever the two differ. Immutable.
 */
public final class AdminKey implements Callers {
  private static final Caller ADMIN = Caller.admin("admin.token");

  private final byte[] hash;

  private AdminKey(byte[] hash) {
    this.hash = hash;
  }

  /** Nobody has it. */
  public static AdminKey none() {
    return new AdminKey(new byte[0]);
  }

  public static AdminKey of(Secret token) {
    return new AdminKey(Sha256.of(token));
  }

  @Override
  public Identity find(Secret bearer) {
    return MessageDigest.isEqual(hash, Sha256.of(bearer))
        ? ADMIN
        : Identity.Unknown.OF_ANOTHER_KIND;
  }
}
