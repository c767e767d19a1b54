package dev.perennial.exchanger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Of one access token.
 *
 * @param issuedAt when it was asked for, on the store's clock; null = not known
 * @param expiresAt null = permanent
 */
record Life(@Nullable Instant issuedAt, @Nullable Instant expiresAt) {
  static final Life UNKNOWN = new Life(null, null);
}
