package dev.perennial.integration;

import static dev.perennial.integration.Fixture.REDIRECT;
import static dev.perennial.integration.Fixture.body;
import static dev.perennial.integration.Fixture.header;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSObject;
import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.RenderingException;
import dev.perennial.domain.definition.TokenRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A value stays a value wherever it stands: what is sent decodes to it and has no more parameters,
 * headers, members or hosts than the definition says; or it is refused, and not shown.
 */
@Timeout(30)
class HostileValuesTest {

  /** In every value, so that no message can show one unseen. */
  private static final String PLANTED = "PLANTED";

  private static final int MAX_TEXT = 64 * 1024;
  private static final int RANDOM_VALUES = 100;

  private static final List<String> PIECES =
      List.of(
          "${",
          "}",
          "<#include \"/etc/passwd\">",
          "<#assign x=1>",
          "[=",
          "[#ftl]",
          "]",
          "{{",
          "}}",
          "{{ CLIENT_ID }}",
          "?new()",
          ".data_model",
          "\"",
          "'",
          "\\",
          "\\\"",
          "\r\n",
          "\r",
          "\n",
          "\r\nX-Evil: 1",
          "\u0000",
          "\u007f",
          "\t",
          "\u2028",
          "\ufeff",
          "\ud83d\ude00",
          "\ud83d",
          "\ude00",
          "é",
          "../",
          "..",
          ".",
          "/",
          "//",
          "\\..\\",
          "@",
          "evil.example@",
          "#",
          "?",
          "&",
          "&a=b",
          "=",
          ";",
          ":",
          ":443",
          ":99999",
          "+",
          " ",
          "%",
          "%2e%2e%2f",
          "%00",
          "%0d%0a",
          "\",\"evil\":\"1",
          "\\u0022",
          "https://",
          "evil.example",
          "localhost",
          "[::1]",
          "-",
          "7",
          "<!--",
          "${7*7}",
          "[=7*7]",
          "#{7*7}");

  /** Where a value stands, the request around it, and what it is read back from. */
  enum Place {
    HOST("{\"url\": \"https://a{{ V }}b.h.example/p?x=1\"}") {
      @Override
      void check(TokenRequest request, String value) {
        assertThat(request.uri().getHost()).isEqualTo("a" + value + "b.h.example");
        assertThat(request.uri().getPort()).isEqualTo(-1);
        assertThat(String.valueOf(request.uri().getRawPath())).isEqualTo("/p");
        assertThat(String.valueOf(request.uri().getRawQuery())).isEqualTo("x=1");
      }
    },
    FOREIGN_HOST("{\"url\": \"https://{{ oauth.v }}/p?x=1\"}") {
      @Override
      void check(TokenRequest request, String value) {
        assertThat(request.uri().getHost()).isEqualTo(value).endsWith(".h.example");
        assertThat(String.valueOf(request.uri().getRawPath())).isEqualTo("/p");
      }
    },
    PORT("{\"url\": \"https://h.example:{{ V }}/p\"}") {
      @Override
      void check(TokenRequest request, String value) {
        assertThat(request.uri().getHost()).isEqualTo("h.example");
        assertThat(request.uri().getPort()).isEqualTo(Integer.parseInt(value)).isBetween(0, 65535);
        assertThat(String.valueOf(request.uri().getRawPath())).isEqualTo("/p");
      }
    },
    PATH("{\"url\": \"https://h.example/p/{{ oauth.v }}/q?x=1\"}") {
      @Override
      void check(TokenRequest request, String value) {
        assertThat(request.uri().getHost()).isEqualTo("h.example");
        assertThat(String.valueOf(request.uri().getRawQuery())).isEqualTo("x=1");
        String[] segments = String.valueOf(request.uri().getRawPath()).split("/", -1);
        assertThat(segments).hasSize(4);
        assertThat(segments[1] + segments[3]).isEqualTo("pq");
        assertThat(decoded(segments[2].replace("+", "%2B"))).isEqualTo(value);
        assertThat(value.split("/", -1)).doesNotContain("..", ".");
      }
    },
    QUERY("{\"url\": \"https://h.example/p?a=1&v={{ oauth.v }}&z=2\"}") {
      @Override
      void check(TokenRequest request, String value) {
        assertThat(request.uri().getHost()).isEqualTo("h.example");
        assertThat(request.uri().getRawFragment()).isNull();
        checkParameters(String.valueOf(request.uri().getRawQuery()), value);
      }
    },
    QUERY_NAME("{\"url\": \"https://h.example/p?{{ oauth.v }}=1\"}") {
      @Override
      void check(TokenRequest request, String value) {
        String[] pair = String.valueOf(request.uri().getRawQuery()).split("=", -1);
        assertThat(String.valueOf(request.uri().getRawQuery())).doesNotContain("&");
        assertThat(pair).hasSize(2);
        assertThat(decoded(pair[0])).isEqualTo(value);
      }
    },
    FORM(
        """
        {"url": "https://h.example/p", "data": {"a": "1", "v": "{{ oauth.v }}", "z": "2"}}\
        """) {
      @Override
      void check(TokenRequest request, String value) {
        checkParameters(body(request), value);
      }
    },
    JSON(
        """
        {"url": "https://h.example/p", "cast_data_to_json": false,
         "data": {"a": 1, "v": "{{ oauth.v }}", "o": {"l": ["[<{{ oauth.v }}>"]}}}\
        """) {
      @Override
      void check(TokenRequest request, String value) {
        JsonNode root = new JsonMapper().readTree(body(request));
        assertThat(root.propertyNames()).containsExactly("a", "v", "o");
        assertThat(root.path("v").asString()).isEqualTo(value);
        assertThat(root.path("o").propertyNames()).containsExactly("l");
        assertThat(root.path("o").path("l").size()).isEqualTo(1);
        assertThat(root.at("/o/l/0").asString()).isEqualTo("[<" + value + ">");
      }
    },
    HEADER(
        """
        {"url": "https://h.example/p", "headers": {"X-V": "pre [{{ oauth.v }}] post"}}\
        """) {
      @Override
      void check(TokenRequest request, String value) {
        assertThat(header(request, "X-V")).contains("pre [" + value + "] post");
        assertThat(value).matches("[\\t\\x20-\\x7e]*");
        assertThat(request.headers()).hasSize(2);
      }
    },
    BASIC_USER(
        """
        {"url": "https://h.example/p", "headers": {"Authorization": "Basic {{ oauth.v }}:pass"}}\
        """) {
      @Override
      void check(TokenRequest request, String value) {
        assertThat(basic(request)).isEqualTo(value + ":pass");
        assertThat(value).doesNotContain(":");
      }
    },
    BASIC_PASSWORD(
        """
        {"url": "https://h.example/p", "headers": {"Authorization": "Basic user:{{ oauth.v }}"}}\
        """) {
      @Override
      void check(TokenRequest request, String value) {
        assertThat(basic(request)).isEqualTo("user:" + value);
      }
    },
    WHOLE_URL("{\"url\": \"{{ V }}?x=1\"}") {
      @Override
      void check(TokenRequest request, String value) throws URISyntaxException {
        URI given = new URI(value);
        assertThat(request.uri().getHost()).isEqualTo(given.getHost());
        assertThat(request.uri().getPort()).isEqualTo(given.getPort()).isBetween(-1, 65535);
        assertThat(request.uri().getPath()).isEqualTo(given.getPath());
        assertThat(request.uri().getRawUserInfo()).isNull();
        assertThat(request.uri().getRawFragment()).isNull();
        assertThat(request.uri().getScheme()).isEqualToIgnoringCase("https");
      }
    },
    FOREIGN_URL("{\"url\": \"{{ oauth.v }}/q\"}") {
      @Override
      void check(TokenRequest request, String value) throws URISyntaxException {
        assertThat(request.uri().getHost()).isEqualTo(new URI(value).getHost());
        assertThat(request.uri().getHost()).endsWithIgnoringCase(".h.example");
        assertThat(request.uri().getRawUserInfo()).isNull();
        assertThat(request.uri().getPort()).isIn(-1, 443);
      }
    },
    CLAIM("{\"url\": \"https://h.example/p\", \"data\": {\"a\": \"{{ jwt.j }}\"}}") {
      @Override
      void check(TokenRequest request, String value) throws ParseException {
        JWSObject jwt = JWSObject.parse(body(request).substring("a=".length()));
        Map<String, Object> claims = jwt.getPayload().toJSONObject();
        assertThat(claims).containsOnlyKeys("sub", "iat", "exp", "jti").containsEntry("sub", value);
        assertThat(jwt.getHeader().toJSONObject()).containsOnlyKeys("alg", "typ", "kid");
        assertThat(jwt.getHeader().getKeyID()).isEqualTo(value);
      }
    };

    private final String request;

    Place(String request) {
      this.request = request;
    }

    abstract void check(TokenRequest request, String value) throws Exception;
  }

  private static String basic(TokenRequest request) {
    assertThat(request.headers()).hasSize(2);
    String value = header(request, "Authorization").orElseThrow();
    assertThat(value).startsWith("Basic ");
    return new String(
        Base64.getDecoder().decode(value.substring("Basic ".length())), StandardCharsets.UTF_8);
  }

  private static void checkParameters(String encoded, String value) {
    String[] pairs = encoded.split("&", -1);
    assertThat(pairs).hasSize(3);
    assertThat(pairs[0] + pairs[2]).isEqualTo("a=1z=2");
    assertThat(pairs[1]).startsWith("v=").matches("[\\x21-\\x7e]*");
    assertThat(pairs[1].substring(2)).doesNotContain("=", "#", ";");
    assertThat(decoded(pairs[1].substring(2))).isEqualTo(value);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static String definition(Place place) {
    return """
    {"initial_data_form": [{"id": "V"}, {"id": "KEY"}],
     "oauth": {"pkce": false, "authenticate_url": "https://a.example/auth",
       "allowed_hosts": ["*.h.example"],
       "jwt": {"j": {"key": "{{ KEY }}", "algorithm": "HS256", "header": {"kid": "{{ oauth.v }}"},
         "claims": {"sub": "{{ oauth.v }}"}}},
       "access_token": {"url": "https://a.example/t"}, "refresh": %s}}
    """
        .formatted(place.request);
  }

  private static List<String> values() {
    List<String> values = new ArrayList<>();
    for (String piece : PIECES) {
      values.add(piece);
      values.add(piece + PLANTED);
      values.add(PLANTED + piece);
    }
    values.addAll(
        List.of(
            PLANTED,
            "8443",
            "65535",
            "65536",
            "99999999999",
            "x.h.example",
            "x.h.example.evil.example",
            "evil.example/.h.example",
            "https://x.h.example",
            "https://x.h.example:8443/a",
            "https://x.h.example:70000/a",
            "https://x.h.example/a?b=c&d=e",
            "https://x.h.example/a#PLANTED",
            "https://PLANTED@x.h.example/",
            "https://x.h.example@evil.example/PLANTED",
            "https://x.h.example/../PLANTED",
            "https://x.h.example/%2e%2e/PLANTED",
            "http://x.h.example/PLANTED",
            "file:///etc/PLANTED",
            "jar:https://x.h.example!/PLANTED",
            "HTTPS://X.H.EXAMPLE/é",
            PLANTED + "x".repeat(MAX_TEXT - PLANTED.length()),
            PLANTED + "é".repeat(MAX_TEXT - PLANTED.length()),
            PLANTED + "x".repeat(MAX_TEXT - PLANTED.length() + 1)));
    Random random = new Random(20260501);
    for (int i = 0; i < RANDOM_VALUES; i++) {
      StringBuilder value = new StringBuilder(random.nextBoolean() ? PLANTED : "");
      for (int piece = random.nextInt(5); piece >= 0; piece--) {
        value.append(PIECES.get(random.nextInt(PIECES.size())));
      }
      values.add(value.toString());
    }
    return values;
  }

  @ParameterizedTest
  @EnumSource
  void a_value_is_data_or_is_refused(Place place) {
    String json = definition(place);
    int sent = 0;
    for (String value : values()) {
      try {
        sent += isSent(json, place, value) ? 1 : 0;
      } catch (Exception | AssertionError e) {
        String shown = value.length() > 200 ? value.length() + " characters" : value;
        throw new AssertionError(
            place + ": <" + shown + "> " + Arrays.toString(shown.toCharArray()), e);
      }
    }
    assertThat(sent).as("values that can be sent").isPositive();
  }

  private static boolean isSent(String json, Place place, String value) throws Exception {
    TokenRequest request;
    try {
      boolean variable = place.request.contains("{{ V }}");
      request = integration(json, variable ? value : "x").refreshRequest(flow(value));
    } catch (DefinitionProblems e) {
      assertThat(e).message().contains("_V is longer than").doesNotContain(PLANTED);
      return false;
    } catch (RenderingException e) {
      assertThat(e).message().startsWith("acme: oauth.").doesNotContain(PLANTED).hasLineCount(1);
      assertThat(e.getCause()).isNull();
      return false;
    }
    place.check(request, value);
    assertThat(value).hasSizeLessThanOrEqualTo(MAX_TEXT);
    return true;
  }

  private static FlowValues flow(String value) {
    return FlowValues.forRefresh(REDIRECT, Map.of("v", value));
  }

  private static Integration integration(String json, String value) {
    return Fixture.bind(
        json, Map.of("PERENNIAL_ACME_V", value, "PERENNIAL_ACME_KEY", "k".repeat(32)));
  }
}
