package dev.perennial.exchanger;

import dev.perennial.domain.credential.GrantEnd;
import dev.perennial.domain.definition.Integration;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When only a new consent will help, as far as definition and answers say: the first of all ends
 * that no refresh, or no refresh in time, gets around. Pure.
 */
final class GrantEnds {
  private static final Comparator<GrantEnd> FIRST =
      Comparator.comparing(GrantEnd::at).thenComparing(GrantEnd::moves);

  private GrantEnds() {}

  /**
   * @param expiresAt end of the access token that ends first; null = permanent
   * @param issuedAt when a token was asked for of which that is not known
   * @return null where nothing is known, or nothing ends
   */
  static @Nullable GrantEnd of(
      Integration integration, Kept kept, @Nullable Instant expiresAt, Instant issuedAt) {
    List<GrantEnd> ends = new ArrayList<>();
    if (kept.ours().grantEndsAt() != null) {
      ends.add(new GrantEnd(kept.ours().grantEndsAt(), false));
    }
    if (integration.refreshable()) {
      for (Slots.Slot slot : Slots.all(integration, kept)) {
        GrantEnd end = refreshTokenEnd(slot, integration, kept.ours(), issuedAt);
        if (end != null) {
          ends.add(end);
        }
      }
    } else if (expiresAt != null) {
      ends.add(new GrantEnd(expiresAt, false));
    }
    return ends.stream().min(FIRST).orElse(null);
  }

  /** What an answer states of the main one counts before what the definition assumes. */
  private static @Nullable GrantEnd refreshTokenEnd(
      Slots.Slot slot, Integration integration, Ours ours, Instant issuedAt) {
    if (slot.main() && ours.refreshTokenExpiresAt() != null) {
      return new GrantEnd(ours.refreshTokenExpiresAt(), ours.refreshTokenEndMoves());
    }
    Duration idle = integration.lifetime().refreshToken();
    if (idle == null) {
      return null;
    }
    Instant used = slot.life().issuedAt() == null ? issuedAt : slot.life().issuedAt();
    return new GrantEnd(used.plus(idle), true);
  }
}
