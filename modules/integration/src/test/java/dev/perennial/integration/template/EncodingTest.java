package dev.perennial.integration.template;

import static dev.perennial.integration.template.Rendering.render;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.definition.RenderingException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values in each position: encoded, or refused. */
class EncodingTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          PATH   | a/b ?#%&+=.. é | a%2Fb%20%3F%23%25%26%2B%3D..%20%C3%A9
          QUERY  | a b&c=d+e/\uD83D\uDE00 | a%20b%26c%3Dd%2Be%2F%F0%9F%98%80
          FORM   | a b&c=d+e~*   | a+b%26c%3Dd%2Be~%2A
          JSON   | a"b\\c/{{ A }} | a\\"b\\\\c/{{ A }}
          HEADER | a b "c" ~     | a b "c" ~
          HOST   | a-B.9.example | a-B.9.example
          PORT   | 8443          | 8443
          PLAIN  | a"b ${x} é    | a"b ${x} é
          URL    | https://x.y/z | https://x.y/z
          """)
  void a_value_is_encoded_for_where_it_stands(Position position, String value, String expected) {
    assertThat(render("{{ A }}", position, value)).isEqualTo(expected);
    assertThat(render("1{{ A }}2", position, value)).isEqualTo("1" + expected + "2");
  }

  @Test
  void control_characters_are_encoded_or_refused() {
    String hostile = "a\r\nb\u0000c\td";
    assertThat(render("{{ A }}", Position.QUERY, hostile)).isEqualTo("a%0D%0Ab%00c%09d");
    assertThat(render("{{ A }}", Position.PATH, hostile)).isEqualTo("a%0D%0Ab%00c%09d");
    assertThat(render("{{ A }}", Position.FORM, hostile)).isEqualTo("a%0D%0Ab%00c%09d");
    assertThat(render("{{ A }}", Position.JSON, hostile)).isEqualTo("a\\r\\nb\\u0000c\\td");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\rb", "a\nb", "a\u0000", "\u007f", "é", "\uD83D\uDE00", "\u2028"})
  void a_header_refuses_what_would_break_it(String value) {
    assertThatThrownBy(() -> render("{{ A }}", Position.HEADER, value))
        .isInstanceOf(RenderingException.class)
        .hasMessage("acme: url: a header holds only visible ASCII characters, spaces and tabs");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a/b", "a:1", "a@b", "a b", "a?b", "a#b", "a\\b", "a%2e", "é", "\u3002", "a_b", "[::1]",
        "a\r\n", "\u0000"
      })
  void a_host_refuses_what_would_leave_it(String value) {
    assertThatThrownBy(() -> render("{{ A }}", Position.HOST, value))
        .isInstanceOf(RenderingException.class)
        .hasMessageContaining("a host holds only");
    assertThatThrownBy(() -> render("{{ A }}", Position.PORT, value))
        .isInstanceOf(RenderingException.class);
  }

  @ParameterizedTest
  @EnumSource(Position.class)
  void no_position_accepts_half_a_character(Position position) {
    for (String half : List.of("\uD83D", "\uDE00", "a\uD83Db", "\uDE00\uD83D")) {
      assertThatThrownBy(() -> render("{{ A }}", position, half))
          .isInstanceOf(RenderingException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(Position.class)
  void a_failed_rendering_never_quotes_a_value(Position position) {
    String planted = "planted\r\n\u0000 é";
    try {
      render("{{ A }}{{ GONE }}", position, planted);
      throw new AssertionError("rendered");
    } catch (RenderingException e) {
      assertThat(e).hasMessageNotContaining("planted").hasNoCause();
    }
  }
}
