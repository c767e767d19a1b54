package dev.perennial.devstack.provider;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a provider decided on a token request. */
sealed interface Granting {

  /**
   * @param refreshToken what the answer says as refresh token, or null
   * @param issued the ledger's name for it, or empty
   * @param spends whether what was presented is spent
   * @param reusableUntil until when it can be repeated all the same
   */
  record Granted(
      long order,
      String grant,
      String scope,
      String accessToken,
      @Nullable String refreshToken,
      String issued,
      boolean spends,
      Instant reusableUntil)
      implements Granting {}

  /**
   * @param error code of RFC 6749, section 5.2
   */
  record Refused(long order, String error, String description) implements Granting {}
}
