package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginTest {
  @ParameterizedTest
  @CsvSource({
    "https://a.test, https://A.test:443/b?c#d",
    "http://a.test:80, HTTP://a.test/",
    "https://[::1]:8443/x, https://[::1]:8443",
    "https://a.test/{tenant}/v2.0, https://a.test"
  })
  void twoSpellingsOfOneAreEqual(String one, String other) {
    assertThat(Origin.of(one)).isPresent().isEqualTo(Origin.of(other));
  }

  @Test
  void schemeHostAndPortTellTwoApart() {
    assertThat(Origin.of("https://a.test"))
        .isNotEqualTo(Origin.of("http://a.test"))
        .isNotEqualTo(Origin.of("https://b.test"))
        .isNotEqualTo(Origin.of("https://a.test:8443"))
        .isNotEqualTo(Origin.of("https://a.test.b.test"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a.test",
        "ftp://a.test",
        "https:///path",
        "https://user@a.test/",
        "https://a.test\\@b.test/",
        "https://a.test:99999999999/",
        "https://a.test:65536/",
        "https://{tenant}.a.test/"
      })
  void whatHasNoneHasNone(String text) {
    assertThat(Origin.of(text)).isEmpty();
  }
}
