package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer;
import dev.perennial.domain.Secret;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.definition.AnswerShape;
import dev.perennial.domain.definition.Integration.Phase;
import dev.perennial.domain.definition.Lifetime;
import dev.perennial.domain.definition.ReuseWindow;
import dev.perennial.domain.refresh.RefreshPolicy;
import dev.perennial.event.SealedPayloads;
import dev.perennial.exchanger.GivenTokens.Times;
import dev.perennial.exchanger.Importing.Result;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What comes by hand is kept as what came with a consent, with no more believed than is known. */
class ImportingTest {
  private static final ConnectionKey KEY = new ConnectionKey("sim", "acme");
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Times UNKNOWN = new Times(null, null, null, null);
  private static final URI TOKEN_URI = URI.create("https://p.example/token");

  private final SealedPayloads payloads = new SealedPayloads(new Open());
  private final Importing importing = new Importing(payloads, RefreshPolicy.DEFAULT);
  private final TestIntegration integration = TestIntegration.of(TOKEN_URI);

  @Test
  void tokensWithAKnownEndAreDueAsAfterAConsent() {
    Instant issuedAt = NOW.minusSeconds(600);
    IssuedTokens tokens =
        ready(given(Map.of(), times(issuedAt, issuedAt.plusSeconds(3600)), "refresh"));

    assertThat(tokens.issuedAt()).isEqualTo(issuedAt);
    assertThat(tokens.expiresAt()).isEqualTo(issuedAt.plusSeconds(3600));
    assertThat(tokens.dueAt())
        .isEqualTo(
            RefreshPolicy.DEFAULT.dueAt(
                KEY, issuedAt, issuedAt.plusSeconds(3600), true, Lifetime.UNSAID));
    assertThat(kept(tokens).refreshToken()).contains(Secret.of("refresh"));
    assertThat(kept(tokens).ours().main())
        .isEqualTo(new Life(issuedAt, issuedAt.plusSeconds(3600)));
  }

  @Test
  void anEndThatNobodyKnowsIsFoundOutWithinSeconds() {
    IssuedTokens tokens = ready(given(Map.of("expires_in", 3600), UNKNOWN, "refresh"));

    assertThat(tokens.expiresAt()).isNull();
    assertThat(tokens.dueAt()).isBetween(NOW, NOW.plusSeconds(10));
  }

  @Test
  void whatHasToBeRefreshedAtOnceIsSpread() {
    long times =
        List.of("a", "b", "c", "d", "e").stream()
            .map(id -> new ConnectionKey("sim", id))
            .map(key -> importing.tokens(key, integration, given(Map.of(), UNKNOWN, "r"), "i", NOW))
            .map(result -> Objects.requireNonNull(((Result.Ready) result).tokens().dueAt()))
            .distinct()
            .count();
    assertThat(times).isEqualTo(5);
  }

  @Test
  void anOverdueRefreshIsDueWithinSecondsAndNotInThePast() {
    IssuedTokens tokens =
        ready(given(Map.of(), times(NOW.minusSeconds(7200), NOW.minusSeconds(60)), "refresh"));

    assertThat(tokens.expiresAt()).isEqualTo(NOW.minusSeconds(60));
    assertThat(tokens.dueAt()).isBetween(NOW, NOW.plusSeconds(10));

    IssuedTokens nearlyOver =
        ready(given(Map.of(), times(NOW.minusSeconds(7200), NOW.plusSeconds(4)), "refresh"));
    assertThat(nearlyOver.dueAt()).isBetween(NOW, NOW.plusSeconds(1));
  }

  @Test
  void withoutAnEndAndARefreshTokenItIsPermanent() {
    IssuedTokens tokens = ready(given(Map.of(), UNKNOWN, null));

    assertThat(tokens.expiresAt()).isNull();
    assertThat(tokens.dueAt()).isNull();
  }

  @Test
  void anEndInTheAnswerCountsAsAPointInTimeOrFromAKnownBegin() {
    long end = NOW.plusSeconds(1000).getEpochSecond();
    assertThat(ready(given(Map.of("expires_at", end), UNKNOWN, "r")).expiresAt())
        .isEqualTo(NOW.plusSeconds(1000));
    assertThat(
            ready(given(Map.of("expires_in", 3600), times(NOW.minusSeconds(60), null), "r"))
                .expiresAt())
        .isEqualTo(NOW.plusSeconds(3540));
  }

  @Test
  void whatTheDefinitionAssumesCountsFromAKnownBegin() {
    TestIntegration assuming =
        new TestIntegration(
            "sim",
            TOKEN_URI,
            true,
            new Lifetime(Duration.ofHours(1), null, Duration.ofDays(10), null, ReuseWindow.NONE));
    Times times = new Times(NOW.minusSeconds(60), null, null, NOW.minusSeconds(86_400));
    Result result = importing.tokens(KEY, assuming, given(Map.of(), times, "r"), "id", NOW);

    IssuedTokens tokens = ((Result.Ready) result).tokens();
    assertThat(tokens.expiresAt()).isEqualTo(NOW.plusSeconds(3540));
    assertThat(kept(tokens).ours().connectedAt()).isEqualTo(NOW.minusSeconds(86_400));
    assertThat(kept(tokens).ours().grantEndsAt()).isEqualTo(NOW.plus(Duration.ofDays(9)));
  }

  @Test
  void anIssueInTheFutureIsNow() {
    IssuedTokens tokens =
        ready(given(Map.of("expires_in", 60), times(NOW.plusSeconds(3600), null), "r"));
    assertThat(tokens.expiresAt()).isEqualTo(NOW.plusSeconds(60));
  }

  @Test
  void tokensAreFoundWhereTheDefinitionSaysAndThoseGivenApartCountFirst() {
    AnswerShape plain = AnswerShape.STANDARD;
    integration.shape(
        new AnswerShape(
            List.of("data"),
            plain.accessToken(),
            List.of(List.of("rt")),
            plain.expiry(),
            false,
            plain.refreshTokenExpiry(),
            plain.success(),
            plain.errors()));
    Map<String, Object> answer =
        Map.of("data", Map.of("access_token", "inner", "rt", "inner-refresh"));

    Kept inner =
        kept(
            ready(
                new GivenTokens(
                    new HashMap<String, @Nullable Object>(answer), null, null, UNKNOWN, Map.of())));
    assertThat(inner.accessToken()).contains(Secret.of("inner"));
    assertThat(inner.refreshToken()).contains(Secret.of("inner-refresh"));

    Kept given = kept(ready(given(answer, UNKNOWN, "refresh")));
    assertThat(given.accessToken()).contains(Secret.of("access"));
    assertThat(given.refreshToken()).contains(Secret.of("refresh"));
  }

  @Test
  void anAnswerCannotBringWhatIsOurs() {
    Kept kept =
        kept(
            ready(
                given(
                    Map.of("perennial", Map.of("imported", "another"), "team", "a"),
                    UNKNOWN,
                    null)));
    assertThat(kept.ours().imported()).isEqualTo("id");
    assertThat(kept.values()).containsEntry("team", "a");
  }

  @Test
  void withoutAnAccessTokenItIsRefused() {
    assertThat(
            importing.tokens(
                KEY,
                integration,
                new GivenTokens(
                    new HashMap<String, @Nullable Object>(),
                    null,
                    Secret.of("r"),
                    UNKNOWN,
                    Map.of()),
                "id",
                NOW))
        .isEqualTo(new Result.Refused("there is no access token in it"));
  }

  @Test
  void severalTokensNeedATimeOfIssue() {
    integration.sibling("user", "authed_user");
    Map<String, Object> answer =
        Map.of("authed_user", Map.of("access_token", "u", "expires_in", 60));
    assertThat(importing.tokens(KEY, integration, given(answer, UNKNOWN, "r"), "id", NOW))
        .isInstanceOfSatisfying(
            Result.Refused.class, refused -> assertThat(refused.why()).contains("issued_at"));

    IssuedTokens tokens =
        ready(given(answer, times(NOW.minusSeconds(10), NOW.plusSeconds(600)), "r"));
    assertThat(kept(tokens).ours().sibling("user").expiresAt()).isEqualTo(NOW.plusSeconds(50));
  }

  @Test
  void theIdentityStaysThroughARefresh() {
    IssuedTokens tokens = ready(given(Map.of(), UNKNOWN, "refresh"));
    assertThat(importing.identity(KEY, tokens.sealed())).contains("id");

    Kept refreshed =
        new Merging(integration)
            .first(
                kept(tokens),
                Map.<String, Object>of(
                    "access_token", "next", "refresh_token", "other", "expires_in", 60),
                NOW,
                Phase.REFRESH);
    Sealed next = payloads.seal(KEY, refreshed.response());
    assertThat(importing.identity(KEY, next)).contains("id");
    assertThat(importing.identity(KEY, payloads.seal(KEY, new TokenResponse(new HashMap<>()))))
        .isEmpty();
  }

  @Test
  void whatWasSealedElsewhereKeepsItsTimes() {
    IssuedTokens first =
        ready(given(Map.of(), times(NOW.minusSeconds(60), NOW.plusSeconds(3540)), "refresh"));

    Result again = importing.tokens(KEY, integration, first.sealed(), false, "exported", NOW);
    IssuedTokens tokens = ((Result.Ready) again).tokens();
    assertThat(tokens.dueAt()).isEqualTo(first.dueAt());
    assertThat(tokens.expiresAt()).isEqualTo(first.expiresAt());
    assertThat(importing.identity(KEY, tokens.sealed())).contains("exported");

    Result doubtful = importing.tokens(KEY, integration, first.sealed(), true, "exported", NOW);
    assertThat(((Result.Ready) doubtful).tokens().dueAt()).isBetween(NOW, NOW.plusSeconds(10));
  }

  private static GivenTokens given(
      Map<String, ?> answer, Times times, @Nullable String refreshToken) {
    return new GivenTokens(
        new HashMap<String, @Nullable Object>(answer),
        Secret.of("access"),
        refreshToken == null ? null : Secret.of(refreshToken),
        times,
        Map.of());
  }

  private static Times times(@Nullable Instant issuedAt, @Nullable Instant expiresAt) {
    return new Times(issuedAt, expiresAt, null, null);
  }

  private IssuedTokens ready(GivenTokens given) {
    return ((Result.Ready) importing.tokens(KEY, integration, given, "id", NOW)).tokens();
  }

  private Kept kept(IssuedTokens tokens) {
    return Kept.of(payloads.openTokens(KEY, tokens.sealed()));
  }

  /** Seals nothing. */
  private static final class Open implements Sealer {
    @Override
    public Sealed seal(ConnectionKey key, Purpose purpose, byte[] plain) {
      return Sealed.of(plain);
    }

    @Override
    public byte[] open(ConnectionKey key, Purpose purpose, Sealed sealed) {
      return sealed.bytes();
    }
  }
}
