package dev.perennial.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionKeyTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"google/acme", "a/b", "x-1/user@example.com", "google/1:2+3=4_5-6.7", "0/A"})
  void a_key_reads_back_from_its_text(String text) {
    assertThat(ConnectionKey.parse(text)).hasToString(text);
  }

  @Test
  void without_a_slash_the_connection_is_the_default_one() {
    assertThat(ConnectionKey.parse("google")).isEqualTo(new ConnectionKey("google", "default"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "google/",
        "/acme",
        "Google/acme",
        "-google/acme",
        "goo gle/acme",
        "google/a/b",
        "google/-a",
        "google/.a",
        "google/a b",
        "google/ä",
        "google/a\n",
        "google\n/a",
        "google/a\0"
      })
  void a_text_that_is_no_key_is_refused(String text) {
    assertThatThrownBy(() -> ConnectionKey.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContainPattern("\\p{Cntrl}");
  }

  @Test
  void lengths_are_bounded() {
    assertThat(ConnectionKey.isSlug("a".repeat(63))).isTrue();
    assertThat(ConnectionKey.isSlug("a".repeat(64))).isFalse();
    assertThat(ConnectionKey.isConnectionId("a".repeat(128))).isTrue();
    assertThat(ConnectionKey.isConnectionId("a".repeat(129))).isFalse();
    assertThatThrownBy(() -> ConnectionKey.parse("google/" + "a".repeat(10_000)))
        .message()
        .hasSizeLessThan(300);
  }

  @Test
  void keys_order_by_integration_then_connection() {
    assertThat(List.of("b/a", "a/b", "a/a", "a-b/a").stream().map(ConnectionKey::parse).sorted())
        .extracting(ConnectionKey::toString)
        .containsExactly("a/a", "a/b", "a-b/a", "b/a");
  }
}
