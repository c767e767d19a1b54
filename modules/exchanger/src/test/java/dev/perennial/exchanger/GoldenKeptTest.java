package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.event.JsonObjects;
import java.io.InputStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is ours inside the seal: what was written once is read, and nothing of it is dropped. */
class GoldenKeptTest {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void theFirstFormatIsReadAndStillWritten() throws Exception {
    Map<String, @Nullable Object> golden = golden();
    Kept kept = Kept.of(new TokenResponse(golden));
    assertThat(kept.ours().variables()).containsEntry("SHOP", "acme");
    assertThat(kept.ours().scopes()).isEqualTo(List.of("more"));
    assertThat(kept.ours().connectedAt()).isEqualTo(BEGIN);
    assertThat(kept.ours().sibling("bot").expiresAt()).isEqualTo(BEGIN.plusSeconds(7_200));
    assertThat(kept.ours().imported()).isEqualTo("nango/1");
    assertThat(kept.response()).isEqualTo(new TokenResponse(golden));
  }

  /** A rollback: this version refreshes what a later one has written more into. */
  @Test
  void whatALaterReleaseKeepsBesideItSurvivesARefresh() throws Exception {
    Map<String, @Nullable Object> golden = golden();
    Map<String, @Nullable Object> later = new LinkedHashMap<>(golden);
    Map<String, Object> ours = new LinkedHashMap<>();
    ((Map<?, ?>) Objects.requireNonNull(later.get("perennial")))
        .forEach((name, value) -> ours.put(String.valueOf(name), Objects.requireNonNull(value)));
    ours.put("of_a_later_release", Map.of("a", 1));
    later.put("perennial", ours);
    Kept kept = Kept.of(new TokenResponse(later));
    Kept refreshed = kept.with(kept.ours().withScopes(List.of("other")));
    assertThat(Kept.of(refreshed.response()).response().values().get("perennial"))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
        .containsEntry("of_a_later_release", Map.of("a", 1))
        .containsEntry("scopes", List.of("other"));
  }

  private static Map<String, @Nullable Object> golden() throws Exception {
    String name = "/golden/payload/credential-perennial.v1.json";
    try (InputStream file = GoldenKeptTest.class.getResourceAsStream(name)) {
      return JsonObjects.read(Objects.requireNonNull(file, name).readAllBytes());
    }
  }
}
