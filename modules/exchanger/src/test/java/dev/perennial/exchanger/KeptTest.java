package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.definition.Integration.Phase;
import dev.perennial.domain.definition.Lifetime;
import dev.perennial.domain.definition.ReuseWindow;
import dev.perennial.event.EventMessage;
import dev.perennial.event.JsonObjects;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeptTest {
  private static final ConnectionKey KEY = ConnectionKey.parse("sim/acme");
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Lifetime MONTHS =
      new Lifetime(null, null, Duration.ofDays(90), null, ReuseWindow.NONE);

  @Test
  void what_is_ours_is_read_as_it_was_written() {
    Ours ours =
        Ours.connected(Map.of("SHOP", "acme"), Secret.of("jwk"), NOW, MONTHS)
            .withMain(new Life(NOW, NOW.plusSeconds(60)))
            .withSibling("user", new Life(NOW.plusSeconds(1), null))
            .withRefreshTokenExpiry(NOW.plusSeconds(99), true);

    Kept again = Kept.of(new Kept(Paths.copy(Map.of("access_token", "a")), ours).response());

    assertThat(again.ours()).isEqualTo(ours);
    assertThat(again.values()).containsOnlyKeys("access_token");
    assertThat(again.ours().grantEndsAt()).isEqualTo(NOW.plus(Duration.ofDays(90)));
    assertThat(again.ours().context().variables()).containsEntry("SHOP", "acme");
    assertThat(again.toString() + again.ours()).doesNotContain("jwk").doesNotContain("\"a\"");
  }

  @Test
  void the_names_that_were_written_once_stay() throws Exception {
    String written =
        "{\"access_token\":\"a\",\"perennial\":{\"variables\":{\"SHOP\":\"acme\"},\"dpop_key\":\"k\","
            + "\"connected_at\":\"2026-03-01T12:00:00Z\",\"grant_ends_at\":\"2026-05-30T12:00:00Z\","
            + "\"refresh_token_expires_at\":\"2026-03-01T12:01:39Z\","
            + "\"refresh_token_end_moves\":true,"
            + "\"issued_at\":\"2026-03-01T12:00:00Z\",\"expires_at\":\"2026-03-01T12:01:00Z\","
            + "\"siblings\":{\"user\":{\"issued_at\":\"2026-03-01T12:00:01Z\"}}}}";

    Kept kept = Kept.of(response(written));

    assertThat(new String(JsonObjects.write(kept.response().values()), StandardCharsets.UTF_8))
        .isEqualTo(written);
    assertThat(kept.ours().sibling("user").issuedAt()).isEqualTo(NOW.plusSeconds(1));
  }

  @Test
  void an_older_credential_has_nothing_of_ours_and_stays_as_it_is() throws Exception {
    Kept kept = Kept.of(response("{\"access_token\":\"a\",\"perennial\":\"odd\"}"));

    assertThat(kept.ours()).isEqualTo(Ours.NOTHING);
    assertThat(kept.response().values()).containsOnlyKeys("access_token");
  }

  @Test
  void what_was_stated_of_one_refresh_token_says_nothing_of_the_next() {
    Merging merging = new Merging(integration());
    Kept first =
        merging.first(
            Kept.NOTHING,
            Map.of("access_token", "a", "refresh_token", "r", "refresh_token_expires_in", 60),
            NOW,
            Phase.TOKEN);
    Kept same = merging.first(first, Map.of("access_token", "b"), NOW, Phase.REFRESH);
    Kept next =
        merging.first(
            first, Map.of("access_token", "b", "refresh_token", "r2"), NOW, Phase.REFRESH);

    assertThat(first.ours().refreshTokenExpiresAt()).isEqualTo(NOW.plusSeconds(60));
    assertThat(same.ours().refreshTokenExpiresAt()).isEqualTo(NOW.plusSeconds(60));
    assertThat(next.ours().refreshTokenExpiresAt()).isNull();
  }

  @Test
  void a_provider_cannot_take_our_names() {
    Ours ours = Ours.connected(Map.of("SHOP", "acme"), null, NOW, Lifetime.UNSAID);
    Kept before = new Kept(Paths.copy(Map.of("redirect_params", Map.of("realm", "1"))), ours);

    Kept kept =
        new Merging(integration())
            .first(
                before,
                Map.of("access_token", "a", "perennial", Map.of(), "redirect_params", "x"),
                NOW,
                Phase.TOKEN);

    assertThat(kept.values()).containsEntry("redirect_params", Map.of("realm", "1"));
    assertThat(kept.ours().variables()).containsEntry("SHOP", "acme");
  }

  @Test
  void the_largest_members_go_where_all_of_them_would_not_fit() {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("access_token", "a".repeat(200_000));
    values.put("refresh_token", "r".repeat(200_000));
    values.put("scope", "s");
    values.put("junk", "\u0001".repeat(150_000));
    values.put("small", "x".repeat(100));
    Kept kept = new Kept(values, Ours.connected(Map.of("SHOP", "acme"), null, NOW, MONTHS));

    Kept fitting = Fitting.fit(KEY, integration(), kept);

    assertThat(fitting.values())
        .containsOnlyKeys("access_token", "refresh_token", "scope", "small");
    assertThat(fitting.ours()).isEqualTo(kept.ours());
  }

  @Test
  void tokens_are_kept_whatever_stands_beside_them_in_a_sibling() {
    Map<String, @Nullable Object> user = new LinkedHashMap<>();
    user.put("access_token", "ua");
    user.put("refresh_token", "ur");
    user.put("junk", "x".repeat(1 << 20));
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("access_token", "a".repeat(100_000));
    values.put("authed_user", user);

    Kept fitting =
        Fitting.fit(
            KEY, integration().sibling("user", "authed_user"), new Kept(values, Ours.NOTHING));

    assertThat(fitting.values().get("authed_user"))
        .isEqualTo(Map.of("access_token", "ua", "refresh_token", "ur"));
    assertThat(fitting.values()).containsKey("access_token");
  }

  @Test
  void what_fits_fits_a_record_once_it_is_sealed_and_in_base64() {
    int sealed = Fitting.MOST_BYTES + 64;
    int open = 6 * Fitting.LONGEST_OPEN;

    assertThat((sealed + 2) / 3 * 4 + open + 8192).isLessThan(EventMessage.MAX_VALUE_BYTES);
    assertThat(Fitting.MOST_BYTES).isGreaterThan(1 << 20);
  }

  private static TestIntegration integration() {
    return TestIntegration.of(URI.create("https://sim.test/"));
  }

  private static TokenResponse response(String json) throws Exception {
    return new TokenResponse(JsonObjects.read(json.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void the_scopes_of_a_connect_session_are_kept_for_every_refresh() {
    Ours ours = Ours.connected(Map.of(), null, NOW, Lifetime.UNSAID).withScopes(List.of("b", "a"));

    Ours again = Kept.of(new Kept(Map.of(), ours.withMain(Life.UNKNOWN)).response()).ours();

    assertThat(again.context().scopes()).containsExactly("b", "a");
    assertThat(Ours.NOTHING.context().scopes()).isEmpty();
  }
}
