package dev.perennial.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RenewalsTest {

  @Test
  void what_renews_a_token_is_taken_out_wherever_it_stands() {
    Map<String, @Nullable Object> values = new TreeMap<>();
    values.put("access_token", "at");
    values.put("refresh_token", "planted");
    values.put("authed_user", Map.of("refreshToken", "planted-too", "id", 7));
    values.put("copies", Arrays.asList("planted", "kept", null, List.of("planted-too")));
    values.put("copy", "planted");
    values.put("empty", Map.of("refresh-token", ""));
    values.put("nothing", null);
    values.put("perennial", Map.of("ours", "x"));
    Map<String, @Nullable Object> kept = Renewals.removedFrom(values);
    assertThat(kept.toString()).doesNotContain("planted", "ours");
    assertThat(kept)
        .containsOnlyKeys("access_token", "authed_user", "copies", "empty", "nothing")
        .containsEntry("authed_user", Map.of("id", 7))
        .containsEntry("copies", Arrays.asList("kept", null, List.of()))
        .containsEntry("empty", Map.of());
    assertThatThrownBy(kept::clear).isInstanceOf(UnsupportedOperationException.class);
  }
}
