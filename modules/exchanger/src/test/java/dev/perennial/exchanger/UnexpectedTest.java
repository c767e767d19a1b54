package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class UnexpectedTest {
  @Test
  void shows_the_kind_and_the_place_and_nothing_that_was_met() {
    IllegalArgumentException met =
        new IllegalArgumentException("https://a.test/?planted", new Exception("planted too"));
    met.addSuppressed(new Exception("planted as well"));
    StringWriter shown = new StringWriter();
    Unexpected.of(met).printStackTrace(new PrintWriter(shown, true));
    assertThat(shown.toString())
        .contains("java.lang.IllegalArgumentException", "UnexpectedTest.java")
        .doesNotContain("planted");
  }
}
