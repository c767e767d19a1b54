package dev.perennial.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class BoundedTextTest {
  @Test
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD, unit = TimeUnit.SECONDS)
  void aPatternThatGoesBackAndForthForAgesIsNoMatch() {
    assertThat(BoundedText.matches(Pattern.compile("(a+)+b"), "a".repeat(60) + "c")).isFalse();
    assertThat(BoundedText.matches(Pattern.compile("(x|xx|xxx)*y"), "x".repeat(2000))).isFalse();
  }

  @Test
  void aLongValueIsMatchedAllTheSame() {
    String longest = "a".repeat(64 * 1024);
    assertThat(BoundedText.matches(Pattern.compile("[a-z]+"), longest)).isTrue();
    assertThat(BoundedText.matches(Pattern.compile("[a-z]+\\.example"), longest)).isFalse();
    assertThat(BoundedText.matches(Pattern.compile("(?:[a-z0-9-]+\\.)+com"), "a.b.com")).isTrue();
  }
}
