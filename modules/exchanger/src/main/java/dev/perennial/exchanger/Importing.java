package dev.perennial.exchanger;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer.UnsealableException;
import dev.perennial.domain.Secret;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Integration.Phase;
import dev.perennial.domain.refresh.RefreshPolicy;
import dev.perennial.event.SealedPayloads;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes of tokens that come by hand what a consent would have brought to the store. The identity of
 * the import is sealed with them and stays through all refreshes, so that the same import is known
 * again when the tokens in it have long been spent. Thread-safe.
 */
public final class Importing {
  /** What has to be refreshed at once is spread over this, by the connection key. */
  private static final Duration SOON = Duration.ofSeconds(10);

  private final SealedPayloads payloads;
  private final Issuing issuing;

  public Importing(SealedPayloads payloads, RefreshPolicy policy) {
    this.payloads = payloads;
    this.issuing = new Issuing(payloads, policy);
  }

  /** What came of it. */
  public sealed interface Result {
    record Ready(IssuedTokens tokens) implements Result {}

    /**
     * @param why names members and variables, never a value
     */
    record Refused(String why) implements Result {}
  }

  /**
   * Tokens in the open. Where their end is not known and there is a refresh token, or where a
   * refresh is overdue, they are due within ten seconds.
   *
   * @param identity the same for the same import, another one for any other
   * @param now on the store's clock, roughly
   */
  public Result tokens(
      ConnectionKey key, Integration integration, GivenTokens given, String identity, Instant now) {
    Kept kept = kept(integration, given, now);
    if (given.times().issuedAt() == null && !kept.ours().siblings().isEmpty()) {
      return new Result.Refused(
          "issued_at is missing: of several tokens, each with an end of its own, it must be known");
    }
    boolean endless = kept.ours().main().expiresAt() == null && kept.refreshToken().isPresent();
    return ready(key, integration, kept, identity, now, endless);
  }

  /**
   * Tokens as they were sealed for the same connection, here or elsewhere.
   *
   * @param doubtful whether it is better to look at once whether they still work
   */
  public Result tokens(
      ConnectionKey key,
      Integration integration,
      Sealed sealed,
      boolean doubtful,
      String identity,
      Instant now) {
    Kept kept = Kept.of(payloads.openTokens(key, sealed));
    return ready(key, integration, kept, identity, now, doubtful);
  }

  /** The identity of the import that these tokens or their predecessors came by. */
  public Optional<String> identity(ConnectionKey key, Sealed stored) {
    try {
      return Optional.ofNullable(Kept.of(payloads.openTokens(key, stored)).ours().imported());
    } catch (UnsealableException e) { // whatever it is, it is not known again
      return Optional.empty();
    }
  }

  private Result ready(
      ConnectionKey key,
      Integration integration,
      Kept kept,
      String identity,
      Instant now,
      boolean atOnce) {
    List<String> refused = integration.refuse(kept.ours().variables());
    if (!refused.isEmpty()) {
      return new Result.Refused("variables: " + String.join("; ", refused));
    }
    if (kept.accessToken().isEmpty()) {
      return new Result.Refused("there is no access token in it");
    }
    Kept marked = kept.with(kept.ours().withImported(identity));
    IssuedTokens tokens = issuing.tokens(key, integration, marked, now);
    Instant dueAt = tokens.dueAt();
    boolean overdue = dueAt != null && !dueAt.isAfter(now);
    boolean soon = integration.refreshable() && (overdue || atOnce);
    return new Result.Ready(
        soon ? dueAt(tokens, now.plus(spread(key, tokens.expiresAt(), now))) : tokens);
  }

  private static IssuedTokens dueAt(IssuedTokens tokens, Instant at) {
    return new IssuedTokens(
        tokens.sealed(),
        tokens.issuedAt(),
        tokens.expiresAt(),
        at,
        tokens.tokenType(),
        tokens.scope());
  }

  /** The same for a key wherever it is computed; well within what is left of the token. */
  private static Duration spread(ConnectionKey key, @Nullable Instant expiresAt, Instant now) {
    Duration most = SOON;
    if (expiresAt != null && expiresAt.isAfter(now)) {
      Duration left = Duration.between(now, expiresAt).dividedBy(4);
      most = left.compareTo(most) < 0 ? left : most;
    }
    int mixed = key.toString().hashCode() * 0x9e3779b9;
    return most.multipliedBy(mixed >>> 8).dividedBy(1 << 24);
  }

  /** As the answer to an access token request, read by the definition. */
  private static Kept kept(Integration integration, GivenTokens given, Instant now) {
    GivenTokens.Times times = given.times();
    Instant issuedAt = times.issuedAt() == null ? null : earlier(times.issuedAt(), now);
    Instant sentAt = issuedAt == null ? now : issuedAt;
    Kept kept =
        new Merging(integration)
            .first(
                new Kept(Map.of(), ours(integration, given)), given.answer(), sentAt, Phase.TOKEN);
    kept = withTokens(integration, kept, given);
    Shaped shaped = Shaped.of(given.answer(), integration.answerShape());
    Instant expiresAt = times.expiresAt();
    if (expiresAt == null) {
      expiresAt = stated(shaped::expiry, issuedAt, now);
    }
    Duration assumed = integration.lifetime().accessToken();
    if (expiresAt == null && issuedAt != null && assumed != null) {
      expiresAt = issuedAt.plus(assumed);
    }
    Instant refreshTokenExpiresAt = times.refreshTokenExpiresAt();
    if (refreshTokenExpiresAt == null) {
      refreshTokenExpiresAt = stated(shaped::refreshTokenExpiry, issuedAt, now);
    }
    Ours ours =
        kept.ours()
            .withMain(new Life(issuedAt, Expiry.bounded(expiresAt, sentAt)))
            .withRefreshTokenExpiry(refreshTokenExpiresAt, false);
    return kept.with(ours);
  }

  private static Ours ours(Integration integration, GivenTokens given) {
    Instant connectedAt = given.times().connectedAt();
    return connectedAt == null
        ? new Ours(
            given.variables(),
            null,
            null,
            null,
            null,
            false,
            Life.UNKNOWN,
            Map.of(),
            List.of(),
            null)
        : Ours.connected(given.variables(), null, connectedAt, integration.lifetime());
  }

  /** Tokens that are given apart count before those in the answer. */
  private static Kept withTokens(Integration integration, Kept kept, GivenTokens given) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>(kept.values());
    put(values, TokenResponse.ACCESS_TOKEN, given.accessToken());
    if (!integration.answerShape().refreshToken().isEmpty()) {
      put(values, TokenResponse.REFRESH_TOKEN, given.refreshToken());
    }
    return new Kept(values, kept.ours());
  }

  private static void put(
      Map<String, @Nullable Object> values, String name, @Nullable Secret token) {
    if (token != null) {
      values.put(name, token.reveal());
    }
  }

  /** A length says nothing where nobody knows from when: then only a point in time counts. */
  private static @Nullable Instant stated(
      Function<Instant, @Nullable Instant> end, @Nullable Instant issuedAt, Instant now) {
    if (issuedAt != null) {
      return end.apply(issuedAt);
    }
    Instant fromNow = end.apply(now);
    Instant fromLater = end.apply(now.plusSeconds(1));
    return fromNow != null && fromNow.equals(fromLater) ? fromNow : null;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
