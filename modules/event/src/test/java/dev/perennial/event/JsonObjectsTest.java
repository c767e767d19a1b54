package dev.perennial.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"expires_in\":3600}",
        "{\"id\":12345678901234567890123456789}",
        "{\"at\":9007199254740993}",
        "{\"price\":1.50}",
        "{\"huge\":1E+400}",
        "{\"b\":true,\"a\":null,\"c\":[1,\"x\",{\"d\":[]}]}",
        "{\"text\":\"ä\\n\\\"\\u0000\"}",
      })
  void what_is_read_is_written_back_the_same(String json) throws Exception {
    assertThat(new String(JsonObjects.write(JsonObjects.read(json.getBytes(UTF_8))), UTF_8))
        .isEqualTo(json);
  }

  @Test
  void numbers_are_of_the_smallest_type_that_keeps_their_value() throws Exception {
    assertThat(
            JsonObjects.read(
                "{\"i\":1,\"l\":10000000000,\"b\":10000000000000000000,\"d\":1e400}"
                    .getBytes(UTF_8)))
        .containsEntry("i", 1)
        .containsEntry("l", 10_000_000_000L)
        .containsEntry("b", new BigInteger("10000000000000000000"))
        .containsEntry("d", new BigDecimal("1e400"));
  }

  @Test
  void of_a_name_that_stands_twice_the_last_counts() throws Exception {
    assertThat(JsonObjects.read("{\"a\":1,\"a\":2}".getBytes(UTF_8))).containsEntry("a", 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "\"\"",
        "\"planted\"",
        "7",
        "{\"planted\":}",
        "{\"a\":planted}",
        "{\"a\":\"planted",
        "{\"a\":1} planted",
        "{\"a\":1}{}",
        "{\"a\":NaN}",
        "{'a':1}",
        "{\"a\":01}",
        "<html>planted</html>"
      })
  void anything_else_is_an_error_that_does_not_repeat_it(String json) {
    assertThatThrownBy(() -> JsonObjects.read(json.getBytes(UTF_8)))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageContaining("not a JSON object")
        .hasMessageNotContainingAny("planted")
        .hasNoCause();
  }

  @Test
  void an_array_is_read_where_one_is_asked_for() throws Exception {
    assertThat(JsonObjects.readArray("[1,null,{\"a\":\"x\"}]".getBytes(UTF_8)))
        .containsExactly(1, null, java.util.Map.of("a", "x"));
    assertThatThrownBy(() -> JsonObjects.readArray("{}".getBytes(UTF_8)))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageStartingWith("not a JSON array");
  }

  @Test
  void depth_is_bounded() {
    String deep = "{\"a\":" + "[".repeat(200) + "]".repeat(200) + "}";
    assertThatThrownBy(() -> JsonObjects.read(deep.getBytes(UTF_8)))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageContaining("too deep");
  }

  @Test
  void the_length_of_a_number_is_bounded() {
    String number = "{\"a\":" + "9".repeat(5000) + "}";
    assertThatThrownBy(() -> JsonObjects.read(number.getBytes(UTF_8)))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageContaining("too long");
  }

  @Test
  void the_length_of_all_is_bounded() {
    assertThatThrownBy(() -> JsonObjects.read(new byte[JsonObjects.MAX_BYTES + 1]))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageContaining("at most");
  }
}
