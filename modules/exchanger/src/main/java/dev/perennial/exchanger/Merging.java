package dev.perennial.exchanger;

import dev.perennial.domain.Secret;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.definition.AnswerShape;
import dev.perennial.domain.definition.FollowUp;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Integration.Phase;
import dev.perennial.domain.definition.SiblingToken;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lays answers over what is kept. Tokens are put at the top from where the definition finds them,
 * and their times among ours, so that what is kept says by itself what the next attempt spends. A
 * provider's own members of the names under which we keep things are dropped. Pure.
 */
record Merging(Integration integration) {
  /** By how much a refresh token's end may be stated later and still be the same, at least. */
  private static final Duration LEAST = Duration.ofSeconds(2);

  /** And at most. */
  private static final Duration MOST = Duration.ofMinutes(1);

  private AnswerShape shape() {
    return integration.answerShape();
  }

  private List<SiblingToken> siblings() {
    return integration.siblings();
  }

  /**
   * The answer to an access token request, or to a refresh of the main token.
   *
   * @param earlier what was kept before; at a consent, what came with the callback
   * @param body a Map
   * @param sentAt on the store's clock
   */
  Kept first(Kept earlier, Object body, Instant sentAt, Phase phase) {
    Map<String, @Nullable Object> answer = object(body);
    Shaped shaped = Shaped.of(answer, shape());
    boolean alone = integration.followUps(phase).isEmpty();
    Map<String, @Nullable Object> merged = over(tokensAtTop(answer, shaped), earlier.values());
    merged = keepSiblings(answer, earlier, merged);
    Kept kept = new Kept(merged, earlier.ours());
    Life life =
        shaped.accessToken().isEmpty()
            ? Life.UNKNOWN
            : life(shaped, alone ? Shaped.of(merged, shape()) : null, sentAt);
    Ours ours = kept.ours().withMain(life);
    kept = kept.with(refreshTokenExpiry(ours, shaped, earlier, sentAt));
    return followed(withSiblingLives(kept, answer, sentAt), earlier, earlier.refreshToken());
  }

  /**
   * The answer to a request that follows another.
   *
   * @param body a Map, or a List where it has a name of its own
   */
  Kept followUp(Kept soFar, FollowUp followUp, Object body, Instant sentAt) {
    Map<String, @Nullable Object> named = object(body);
    if (followUp.into() != null) {
      named = new LinkedHashMap<>();
      named.put(followUp.into(), body);
    }
    Shaped own = Shaped.of(body, shape());
    Shaped shaped = own.accessToken().isPresent() ? own : Shaped.of(named, shape());
    Map<String, @Nullable Object> merged = over(tokensAtTop(named, shaped), soFar.values());
    Kept kept = new Kept(keepSiblings(named, soFar, merged), soFar.ours());
    Ours ours = refreshTokenExpiry(kept.ours(), shaped, soFar, sentAt);
    Instant end = shaped.expiry(sentAt);
    if (shaped.accessToken().isPresent()) {
      ours = ours.withMain(life(shaped, null, sentAt));
    } else if (followUp.into() != null
        && end != null) { // its path begins with the name of this answer
      ours = ours.withMain(new Life(ours.main().issuedAt(), Expiry.bounded(end, sentAt)));
    }
    return withSiblingLives(kept.with(ours), named, sentAt);
  }

  /** The answer to a refresh of a sibling, found under its path or at the top. */
  Kept sibling(Kept earlier, SiblingToken sibling, Object body, Instant sentAt) {
    Map<String, @Nullable Object> answer = object(body);
    Shaped under = new Shaped(Paths.at(answer, sibling.path()), shape());
    Shaped found = under.accessToken().isPresent() ? under : Shaped.of(answer, shape());
    Map<String, @Nullable Object> tokens =
        found.base() instanceof Map<?, ?> object ? withoutOurs(object) : Map.of();
    Map<String, @Nullable Object> old =
        Paths.object(earlier.values(), sibling.path()).orElse(Map.of());
    Map<String, @Nullable Object> merged = over(tokens, old);
    Kept kept = earlier.withValue(sibling.path(), merged);
    Life life = life(found, new Shaped(merged, shape()), sentAt);
    kept = kept.with(kept.ours().withSibling(sibling.name(), life));
    return followed(kept, earlier, new Shaped(old, shape()).refreshToken());
  }

  private static Map<String, @Nullable Object> object(Object body) {
    return body instanceof Map<?, ?> object ? withoutOurs(object) : Map.of();
  }

  private static Map<String, @Nullable Object> withoutOurs(Map<?, ?> object) {
    Map<String, @Nullable Object> copy = Paths.copy(object);
    copy.remove(TokenResponse.OURS);
    copy.remove(TokenResponse.REDIRECT_PARAMETERS);
    return copy;
  }

  private Map<String, @Nullable Object> tokensAtTop(
      Map<String, @Nullable Object> answer, Shaped shaped) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>(answer);
    if (shape().refreshToken().isEmpty()) { // never read
      all.remove(TokenResponse.REFRESH_TOKEN);
    }
    shaped.accessToken().ifPresent(token -> all.put(TokenResponse.ACCESS_TOKEN, token.reveal()));
    shaped.refreshToken().ifPresent(token -> all.put(TokenResponse.REFRESH_TOKEN, token.reveal()));
    return all;
  }

  private static Map<String, @Nullable Object> over(
      Map<String, @Nullable Object> answer, Map<String, @Nullable Object> earlier) {
    return TokenResponse.over(answer, earlier);
  }

  /** An answer may name the sibling's object and say less of it than is kept. */
  private Map<String, @Nullable Object> keepSiblings(
      Map<String, @Nullable Object> answer, Kept earlier, Map<String, @Nullable Object> merged) {
    Map<String, @Nullable Object> all = merged;
    for (SiblingToken sibling : siblings()) {
      Optional<Map<String, @Nullable Object>> old = Paths.object(earlier.values(), sibling.path());
      if (old.isPresent()) {
        Map<String, @Nullable Object> now = Paths.object(answer, sibling.path()).orElse(Map.of());
        all = Paths.with(all, sibling.path(), over(now, old.get()));
      }
    }
    return all;
  }

  private Kept withSiblingLives(Kept kept, Map<String, @Nullable Object> answer, Instant sentAt) {
    Ours ours = kept.ours();
    for (SiblingToken sibling : siblings()) {
      Shaped now = new Shaped(Paths.at(answer, sibling.path()), shape());
      if (now.accessToken().isPresent()) {
        Shaped merged = new Shaped(Paths.at(kept.values(), sibling.path()), shape());
        ours = ours.withSibling(sibling.name(), life(now, merged, sentAt));
      }
    }
    return kept.with(ours);
  }

  private Life life(Shaped answer, @Nullable Shaped merged, Instant sentAt) {
    return new Life(sentAt, Expiry.read(answer, merged, integration.lifetime(), sentAt));
  }

  /** What was stated of one refresh token says nothing of the next one. */
  private static Ours refreshTokenExpiry(Ours ours, Shaped answer, Kept earlier, Instant sentAt) {
    Instant stated = answer.refreshTokenExpiry(sentAt);
    boolean same =
        answer.refreshToken().isEmpty() || answer.refreshToken().equals(earlier.refreshToken());
    return stated == null && same
        ? ours
        : ours.withRefreshTokenExpiry(stated, moves(earlier.ours(), stated, sentAt));
  }

  /**
   * Whether a refresh has moved the end. One that stands fast is stated as what is left of it, in
   * seconds, so it comes out a little earlier or later each time; one that moves comes as much
   * later as time has passed.
   */
  private static boolean moves(Ours earlier, @Nullable Instant stated, Instant sentAt) {
    Instant before = earlier.refreshTokenExpiresAt();
    if (stated == null || before == null) {
      return false;
    }
    Instant since = earlier.main().issuedAt();
    Duration half = since == null ? MOST : Duration.between(since, sentAt).dividedBy(2);
    Duration slack = half.compareTo(LEAST) < 0 ? LEAST : half.compareTo(MOST) > 0 ? MOST : half;
    return Duration.between(before, stated).compareTo(slack) > 0;
  }

  /**
   * A sibling that has the token which was spent is the same token under another name: it goes
   * where that one went, or the spent one would be spent again in its name.
   */
  private Kept followed(Kept kept, Kept earlier, Optional<Secret> spent) {
    Kept all = kept;
    for (SiblingToken sibling : siblings()) {
      Shaped now = new Shaped(Paths.at(kept.values(), sibling.path()), shape());
      if (spent.isPresent() && now.refreshToken().equals(spent)) {
        all = mirrored(all, earlier, sibling, now);
      }
    }
    return all;
  }

  private Kept mirrored(Kept kept, Kept earlier, SiblingToken sibling, Shaped now) {
    Optional<Successor> successor = successor(kept, earlier, now);
    if (successor.isEmpty() || !(now.base() instanceof Map<?, ?> object)) {
      return kept;
    }
    Map<String, @Nullable Object> tokens = Paths.copy(object);
    tokens = Paths.with(tokens, now.refreshTokenPath(), successor.get().refresh().reveal());
    Ours ours = kept.ours();
    if (successor.get().access() != null) {
      tokens = Paths.with(tokens, now.accessTokenPath(), successor.get().access().reveal());
      ours = ours.withSibling(sibling.name(), successor.get().life());
    }
    return kept.withValue(sibling.path(), tokens).with(ours);
  }

  /**
   * @param access null where the sibling has an access token of its own
   */
  private record Successor(Secret refresh, @Nullable Secret access, Life life) {}

  private Optional<Successor> successor(Kept kept, Kept earlier, Shaped alias) {
    if (alias.refreshToken().equals(earlier.refreshToken())) {
      return successor(
          alias,
          earlier.accessToken(),
          kept.accessToken(),
          kept.refreshToken(),
          kept.ours().main());
    }
    for (SiblingToken other : siblings()) {
      Shaped before = new Shaped(Paths.at(earlier.values(), other.path()), shape());
      Shaped after = new Shaped(Paths.at(kept.values(), other.path()), shape());
      if (alias.refreshToken().equals(before.refreshToken())
          && !after.refreshToken().equals(before.refreshToken())) {
        return successor(
            alias,
            before.accessToken(),
            after.accessToken(),
            after.refreshToken(),
            kept.ours().sibling(other.name()));
      }
    }
    return Optional.empty();
  }

  private static Optional<Successor> successor(
      Shaped alias,
      Optional<Secret> accessBefore,
      Optional<Secret> access,
      Optional<Secret> refresh,
      Life life) {
    boolean same = alias.accessToken().isPresent() && alias.accessToken().equals(accessBefore);
    return refresh.map(token -> new Successor(token, same ? access.orElse(null) : null, life));
  }
}
