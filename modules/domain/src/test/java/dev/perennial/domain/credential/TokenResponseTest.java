package dev.perennial.domain.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.Secret;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TokenResponseTest {

  @Test
  void a_refresh_token_that_is_not_sent_again_stays() {
    TokenResponse merged =
        answer("access_token", "at2", "expires_in", 3600)
            .over(answer("access_token", "at1", "refresh_token", "rt1"));
    assertThat(merged.accessToken()).hasValue(Secret.of("at2"));
    assertThat(merged.refreshToken()).hasValue(Secret.of("rt1"));
    assertThat(merged.values()).containsEntry("expires_in", 3600);
  }

  @Test
  void a_refresh_token_that_is_sent_replaces_the_old_one() {
    TokenResponse merged = answer("refresh_token", "rt2").over(answer("refresh_token", "rt1"));
    assertThat(merged.refreshToken()).hasValue(Secret.of("rt2"));
  }

  @Test
  void null_and_an_empty_refresh_token_count_as_not_sent() {
    TokenResponse earlier = answer("refresh_token", "rt1", "scope", "a");
    TokenResponse nothing = answer("refresh_token", null, "scope", null);
    assertThat(nothing.over(earlier)).isEqualTo(earlier);
    assertThat(answer("refresh_token", "").over(earlier)).isEqualTo(earlier);
  }

  @Test
  void an_empty_text_elsewhere_is_a_value() {
    assertThat(answer("scope", "").over(answer("scope", "a")).values()).containsEntry("scope", "");
  }

  @Test
  void a_null_that_nothing_stood_for_is_kept() {
    assertThat(answer("id_token", null).over(answer()).values()).containsEntry("id_token", null);
  }

  @Test
  void nested_objects_are_replaced_whole() {
    TokenResponse merged =
        answer("team", Map.of("id", 2)).over(answer("team", Map.of("id", 1, "name", "a")));
    assertThat(merged.values()).containsEntry("team", Map.of("id", 2));
  }

  @Test
  void neither_side_of_a_merge_changes() {
    TokenResponse earlier = answer("a", 1);
    TokenResponse later = answer("a", 2);
    assertThat(later.over(earlier)).isNotSameAs(later);
    assertThat(earlier).isEqualTo(answer("a", 1));
    assertThat(later).isEqualTo(answer("a", 2));
  }

  @Test
  void the_values_cannot_be_changed_from_outside() {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("a", 1);
    TokenResponse answer = new TokenResponse(values);
    values.put("a", 2);
    assertThat(answer.values()).containsEntry("a", 1);
    assertThatThrownBy(() -> answer.values().put("b", 1))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void tokens_that_are_no_texts_are_not_there() {
    TokenResponse odd = answer("access_token", 7, "refresh_token", "", "token_type", null);
    assertThat(odd.accessToken()).isEmpty();
    assertThat(odd.refreshToken()).isEmpty();
    assertThat(odd.tokenType()).isEmpty();
    assertThat(odd.scope()).isEmpty();
  }

  private static TokenResponse answer(@Nullable Object... namesAndValues) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (int at = 0; at < namesAndValues.length; at += 2) {
      values.put(String.valueOf(namesAndValues[at]), namesAndValues[at + 1]);
    }
    return new TokenResponse(values);
  }
}
