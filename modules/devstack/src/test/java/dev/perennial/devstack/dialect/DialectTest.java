package dev.perennial.devstack.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.perennial.devstack.dialect.Dialect.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DialectTest {
  private static final String SMALLEST =
      """
      {
        "variables": {"CLIENT_ID": "client-1", "KEY": "$ec_private_key"},
        "calls": [{"for": "token", "method": "POST", "url": "https://a.example/token",
          "answer": {"status": 200, "content_type": "application/json", "body": {"t": "$access_token"}}}],
        "rotation": "none",
        "errors": [{"for": "refresh", "status": 400, "body": {"error": "invalid_grant"},
          "meaning": "refused", "source": "https://a.example"}],
        "expect": {"expires_in": null}
      }
      """;

  @Test
  void aDialectIsReadWithItsKeys() {
    Dialect dialect = Dialect.parse(SMALLEST);
    assertThat(dialect.variables().get("CLIENT_ID")).isEqualTo("client-1");
    assertThat(dialect.variables().get("KEY")).startsWith("-----BEGIN PRIVATE KEY-----");
    assertThat(dialect.has(Kind.TOKEN)).isTrue();
    assertThat(dialect.has(Kind.REVOKE)).isFalse();
    assertThat(dialect.accessToken()).isEqualTo("$access_token");
    assertThat(dialect.expiresIn()).isNull();
    assertThat(dialect.errors().getFirst().body()).isEqualTo("{\"error\":\"invalid_grant\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"rotation\": \"none\" | \"rotation\": \"twice\" | no rotation twice",
        "\"rotation\": \"none\" | \"rotation\": \"never\" | no answer has a refresh token",
        "$access_token | $refresh_token | an answer has a refresh token",
        "$access_token | $acces_token | no placeholder $acces_token",
        "\"method\" | \"verb\" | calls 0 has no member verb",
        "\"for\": \"token\" | \"for\": \"tokens\" | tokens",
        "\"meaning\": \"refused\" | \"meaning\": \"bad\" | no meaning bad",
        "https://a.example/token | https://a.example/token?a=b | has a query",
        "https://a.example/token | http://a.example/token | not https",
        "null} | \"soon\"} | expires_in",
        "\"status\": 200 | \"status\": \"200\" | status is no number",
        "\"expect\" | \"expects\" | no member expects",
      })
  void whatIsNoDialectIsRefusedWithThePlace(String part, String instead, String message) {
    assertThat(SMALLEST).contains(part);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Dialect.parse(SMALLEST.replace(part, instead)))
        .withMessageContaining(message);
  }

  @Test
  void aMemberThatIsThereTwiceIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Dialect.parse("{\"calls\": [], \"calls\": []}"));
  }
}
