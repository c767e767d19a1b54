package dev.perennial.domain.refresh;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.definition.Lifetime;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a refresh is due. Pure and immutable. The jitter is derived from the connection key, so that
 * connections made in one second do not fall due in one second, and it only moves earlier.
 *
 * @param share part of the access token's life after which it is due, above 0 and below 1
 * @param margin where given, due this long before the end instead, but not in the first half of the
 *     life: a margin as long as the life would refresh without a pause
 * @param jitter at most this part of the life is taken off, 0 to 0.05
 */
public record RefreshPolicy(double share, @Nullable Duration margin, double jitter) {

  /** Three quarters of the life, up to five hundredths earlier. */
  public static final RefreshPolicy DEFAULT = new RefreshPolicy(0.75, null, 0.05);

  /** Between two refreshes at least, whatever a provider says of its tokens. */
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  /** A token that had ended before it was handed out is tried again after this. */
  private static final Duration CAME_EXPIRED = Duration.ofMinutes(1);

  /**
   * @throws IllegalArgumentException where a part is out of range
   */
  public RefreshPolicy {
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException("refresh share " + share + " is not within 0 and 1");
    }
    if (!(jitter >= 0 && jitter <= 0.05)) {
      throw new IllegalArgumentException("refresh jitter " + jitter + " is not within 0 and 0.05");
    }
    if (margin != null && margin.isNegative()) {
      throw new IllegalArgumentException("refresh margin " + margin + " is negative");
    }
  }

  /**
   * When to look at a credential again.
   *
   * @param expiresAt end of the access token; null = permanent
   * @param refreshable false: the only thing left to do is to say that it expired
   * @return null = never
   */
  public @Nullable Instant dueAt(
      ConnectionKey key,
      Instant issuedAt,
      @Nullable Instant expiresAt,
      boolean refreshable,
      Lifetime lifetime) {
    return dueAt(key, issuedAt, expiresAt, null, refreshable, lifetime);
  }

  /**
   * The same where an answer has stated the end of the refresh token, which counts before what the
   * definition assumes.
   *
   * @param refreshTokenEnds null = not stated
   */
  public @Nullable Instant dueAt(
      ConnectionKey key,
      Instant issuedAt,
      @Nullable Instant expiresAt,
      @Nullable Instant refreshTokenEnds,
      boolean refreshable,
      Lifetime lifetime) {
    if (!refreshable) {
      return expiresAt;
    }
    Instant ends = refreshTokenEnds;
    if (ends == null && lifetime.refreshToken() != null) {
      ends = issuedAt.plus(lifetime.refreshToken());
    }
    // One that has ended already keeps nothing alive, and must not make one refresh follow another.
    Instant keepAlive =
        ends == null || !ends.isAfter(issuedAt) ? null : early(key, issuedAt, ends, null);
    if (expiresAt == null) {
      return keepAlive;
    }
    if (!expiresAt.isAfter(issuedAt)) { // or one answer would follow the other without a pause
      return issuedAt.plus(CAME_EXPIRED);
    }
    Instant due = early(key, issuedAt, expiresAt, margin);
    if (keepAlive != null && keepAlive.isBefore(due)) {
      due = keepAlive;
    }
    if (lifetime.refreshWindow() != null) {
      Instant opens = expiresAt.minus(lifetime.refreshWindow());
      due = due.isBefore(opens) ? opens : due;
    }
    Instant soonest = issuedAt.plus(SHORTEST);
    return due.isBefore(soonest) ? soonest : due;
  }

  /** A margin is about the access token alone; a refresh token is kept alive by its share. */
  private Instant early(
      ConnectionKey key, Instant from, Instant end, @Nullable Duration beforeTheEnd) {
    double life = Math.max(0, Duration.between(from, end).toMillis());
    Instant latest =
        beforeTheEnd == null
            ? from.plusMillis((long) (life * share))
            : later(end.minus(beforeTheEnd), from.plusMillis((long) (life / 2)));
    return latest.minusMillis((long) (life * jitter * fraction(key)));
  }

  private static Instant later(Instant one, Instant other) {
    return one.isBefore(other) ? other : one;
  }

  /** 0 to 1, the same for a key wherever it is computed. */
  private static double fraction(ConnectionKey key) {
    int mixed = key.toString().hashCode() * 0x9e3779b9;
    return (mixed >>> 8) / (double) (1 << 24);
  }
}
