package dev.perennial.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.Secret;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTest {

  @ParameterizedTest
  @CsvSource({"bearer, Bearer", "BEARER, Bearer", "Bearer, Bearer", ", Bearer", "DPoP, DPoP"})
  void the_header_names_bearer_as_the_rfc_writes_it_and_other_types_as_they_came(
      @Nullable String type, String expected) {
    assertThat(token("abc.def-_~+/==", type).authorization())
        .isEqualTo(expected + " abc.def-_~+/==");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nX-Other: b", "a b", "\u00e4", "\u007f"})
  void what_no_header_may_carry_is_refused_and_not_repeated(String text) {
    assertThatThrownBy(() -> token(text, null).authorization())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("google/acme")
        .hasMessageNotContaining(text);
    assertThatThrownBy(() -> token("at", "Bearer\r\nX: y").authorization())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void what_is_left_of_it_is_more_than_asked_for_or_not_enough() {
    Token minute =
        new Token(
            States.KEY, 1, 1, Secret.of("at"), null, HandTime.START.plusSeconds(60), Map.of());
    long now = HandTime.START.toEpochMilli();
    assertThat(minute.livesFor(Duration.ofMillis(59_999), now)).isTrue();
    assertThat(minute.livesFor(Duration.ofSeconds(60), now)).isFalse();
    assertThat(minute.isAliveAt(now + 59_999)).isTrue();
    assertThat(minute.isAliveAt(now + 60_000)).isFalse();
    assertThat(token("at", null).livesFor(Duration.ofDays(10_000), now)).as("permanent").isTrue();
  }

  private static Token token(String text, @Nullable String type) {
    return new Token(States.KEY, 1, 1, Secret.of(text), type, null, Map.of());
  }
}
