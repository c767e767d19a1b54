package dev.perennial.integration.template;

import static dev.perennial.integration.template.Rendering.compile;
import static dev.perennial.integration.template.Rendering.valuesOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.definition.RenderingException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The language inside the braces: what it says, what it refuses, what it can never reach. */
class TemplateTextTest {
  // {"sub":"u-1","orgs":["o1","o2"],"n":3600}
  private static final String JWT =
      "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1LTEiLCJvcmdzIjpbIm8xIiwibzIiXSwibiI6MzYwMH0.x";

  private static Map<String, @Nullable Object> values() {
    Map<String, @Nullable Object> oauth = new HashMap<>();
    oauth.put("list", List.of(Map.of("id", "first"), Map.of("id", 7)));
    oauth.put("api-domain", "eu");
    oauth.put("0", "zero");
    oauth.put("odd key", "odd");
    oauth.put("expires_in", 3600);
    oauth.put("whole", 3600.0);
    oauth.put("half", 0.5);
    oauth.put("big", new BigInteger("12345678901234567890123"));
    oauth.put("tiny", new BigDecimal("1E-7"));
    oauth.put("yes", true);
    oauth.put("nothing", null);
    oauth.put("text", "abc");
    oauth.put("jwt", JWT);
    Map<String, @Nullable Object> all = new HashMap<>();
    all.put("oauth", oauth);
    all.put("A", "a");
    all.put("EMPTY", "");
    all.put("if", "reserved");
    all.put("HOSTILE", "${1+1} <#list> [=p0] [#stop] {{ A }} \"'\\ é");
    return all;
  }

  private static String render(String text) {
    return compile(text, Position.PLAIN).render(valuesOf(values()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {{A}}                                          | a
          x{{ A }}y{{A}}z                                | xayaz
          {{	A	}}                                        | a
          {{ "lit" }}                                    | lit
          {{ "}}" }}                                     | }}
          {{ "q\\"b\\\\" }}                              | q"b\\
          {{ 42 }}                                       | 42
          {{ 1 + 2 }}                                    | 12
          {{ A + "-" + A }}                              | a-a
          {{ oauth.expires_in + oauth.expires_in }}      | 36003600
          {{ missing!"d" }}                              | d
          {{ oauth.no.such.path!"d" }}                   | d
          {{ oauth.text.x!"d" }}                         | d
          {{ oauth.text.0!"d" }}                         | d
          {{ oauth.nothing!"d" }}                        | d
          {{ missing!"d" + A }}                          | da
          {{ missing!A + "e" }}                          | ae
          {{ (missing + A)!"d" }}                        | d
          {{ missing!(nor!"d") }}                        | d
          {{ sha256(missing)!"d" }}                      | d
          {{ EMPTY!"d" }}x                               | x
          {{ oauth.list.0.id }}                          | first
          {{ oauth.list[1].id }}                         | 7
          {{ oauth["list"][0]["id"] }}                   | first
          {{ (oauth.list)[0]["id"] }}                    | first
          {{ oauth.list.9.id!"d" }}                      | d
          {{ oauth.list.99999999999999.id!"d" }}         | d
          {{ oauth.api-domain }}                         | eu
          {{ oauth.0 }}                                  | zero
          {{ oauth["odd key"] }}                         | odd
          {{ oauth.expires_in }}                         | 3600
          {{ oauth.whole }}                              | 3600
          {{ oauth.half }}                               | 0.5
          {{ oauth.tiny }}                               | 0.0000001
          {{ oauth.big }}                                | 12345678901234567890123
          {{ oauth.yes }}                                | true
          {{ if }}                                       | reserved
          {{ base64("a:b") }}                            | YTpi
          {{ sha256("abc") }}                            | ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
          {{ hmac_sha256("key","The quick brown fox jumps over the lazy dog") }} | f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8
          {{ left(oauth.text, 2) }}                      | ab
          {{ left(oauth.text, 99) }}                     | abc
          {{ left("\uD83D\uDE00x", 1) }}                 | \uD83D\uDE00
          {{ claim(oauth.jwt, "sub") }}                  | u-1
          {{ claim(oauth.jwt, "n") }}                    | 3600
          {{ claim(oauth.jwt, "orgs")[1] }}              | o2
          {{ claim(oauth.jwt, "none")!"d" }}             | d
          [=1] ${1} <#if> #{2} [#list] [@x] }} { }       | [=1] ${1} <#if> #{2} [#list] [@x] }} { }
          {{ "[=1] ${1} <#if> [#x]" }}                   | [=1] ${1} <#if> [#x]
          {{ HOSTILE }}                                  | ${1+1} <#list> [=p0] [#stop] {{ A }} "'\\ é
          """)
  void renders(String template, String expected) {
    assertThat(render(template)).isEqualTo(expected);
  }

  @Test
  void a_text_without_templates_stays_as_it_is() {
    for (String text : List.of("", " ", "\n\n x \n", "}}", "[", "]", "[=x]", "{ ", "a\\b")) {
      assertThat(render(text)).isEqualTo(text);
      assertThat(render(text + "{{ A }}" + text)).isEqualTo(text + "a" + text);
    }
  }

  @Test
  void random_and_uuid_come_from_the_given_source() {
    assertThat(render("{{ random(16) }}")).matches("[A-Za-z0-9_-]{22}");
    assertThat(render("{{ random(16) }}")).isEqualTo(render("{{ random(16) }}"));
    assertThat(render("{{ uuid() }}"))
        .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {{ A                    | at character 1 of the text: {{ is not closed by }}
          x{{ A }                 | at character 7 of the text: '}' is not part of the language
          {{}}                    | nothing stands inside {{ }}
          {{ A B }}               | unexpected 'B'
          {{ A + }}               | ends too early
          {{ + A }}               | found '+'
          {{ A!! }}               | found '!'
          {{ A! }}                | ends too early
          {{ A!"x"!"y" }}         | unexpected '!'
          {{ A. }}                | expected a name or a number after '.'
          {{ A..b }}              | expected a name or a number after '.'
          {{ .A }}                | found '.'
          {{ A[ }}                | expected a number or a "text"
          {{ A[x] }}              | expected a number or a "text"
          {{ A[0 }}               | expected ']'
          {{ (A }}                | expected ')'
          {{ A) }}                | unexpected ')'
          {{ "a }}                | the text is not closed
          {{ "a\\n" }}            | a text knows only
          {{ 'a' }}               | texts stand in double quotes
          {{ A?upper_case }}      | there are no built-ins
          {{ A?eval }}            | there are no built-ins
          {{ .data_model }}       | found '.'
          {{ .now }}              | found '.'
          {{ (1..100000000)?join }} | expected ')', found '.'
          {{ A*2 }}               | '*' is not part of the language
          {{ A == B }}            | '=' is not part of the language
          {{ A{{ B }} }}          | {{ inside {{ }}
          {{ exec("ls") }}        | there is no function 'exec'
          {{ sha256() }}          | sha256(x) takes 1 arguments
          {{ left("a") }}         | left(x,n) takes 2 arguments
          {{ left("a" 1) }}       | expected ','
          {{ base64("a",) }}      | found ')'
          {{ 1a }}                | a name starts with a letter
          {{ é }}                 | the character U+00E9
          {{ A; }}                | ';' is not part of the language
          """)
  void refuses(String template, String reason) {
    assertThatThrownBy(() -> TemplateText.parse(template))
        .isInstanceOf(TemplateSyntaxException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void filters_of_old_files_do_nothing_and_others_are_refused() {
    assertThat(render("{{ A|safe }}{{ A | urlencode | safe }}")).isEqualTo("aa");
    for (String filter : List.of("{{ A|upper }}", "{{ A| }}", "{{ A|safe() }}")) {
      assertThatThrownBy(() -> TemplateText.parse(filter))
          .isInstanceOf(TemplateSyntaxException.class);
    }
  }

  @Test
  void nesting_and_length_of_an_expression_are_limited() {
    List<String> tooMuch =
        List.of(
            "(".repeat(50_000) + "A" + ")".repeat(50_000),
            "base64(".repeat(50_000) + "A" + ")".repeat(50_000),
            "A" + " + A".repeat(50_000),
            "A" + ".b".repeat(50_000),
            "(A)" + "[0]".repeat(50_000));
    for (String expression : tooMuch) {
      assertThatThrownBy(() -> TemplateText.parse("{{ " + expression + " }}"))
          .isInstanceOf(TemplateSyntaxException.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {{ oauth.gone }}             | oauth.gone has no value
          {{ A + oauth.gone }}         | oauth.gone has no value
          {{ gone!oauth.gone }}        | oauth.gone has no value
          {{ sha256(oauth.gone) }}     | oauth.gone has no value
          {{ oauth.list.7 }}           | oauth.list.7 has no value
          {{ (oauth.list)[7] }}        | oauth.list[7] has no value
          {{ claim(oauth.jwt, "z") }}  | claim() has no value
          {{ oauth.list }}             | oauth.list is a list, not a text
          {{ oauth.list + "x" }}       | oauth.list is a list, not a text
          {{ oauth }}                  | oauth is an object, not a text
          {{ claim(A, "sub") }}        | the first argument is not a JWT
          {{ claim("a.%%.c", "sub") }} | the first argument is not a JWT
          {{ left(A, "x") }}           | the number is not a number
          {{ random(0) }}              | random takes 1 to 1024 bytes
          {{ random(99999) }}          | random takes 1 to 1024 bytes
          {{ hmac_sha256("", A) }}     | the key is empty
          """)
  void a_rendering_that_fails_says_where_and_why(String template, String reason) {
    assertThatThrownBy(() -> render(template))
        .isInstanceOf(RenderingException.class)
        .hasMessageStartingWith("acme: url: ")
        .hasMessageContaining(reason);
  }

  @Test
  void no_value_makes_a_rendering_large() {
    String most = "x".repeat(JsonValues.MAX_TEXT);
    assertThat(Rendering.render("{{ A }}", Position.PLAIN, most)).hasSize(JsonValues.MAX_TEXT);
    assertRefused("{{ A }}", most + "x", "A is longer than");
    assertRefused("{{ A }}".repeat(17), most, "longer than 1048576 characters");
    assertRefused("{{ A" + " + A".repeat(16) + " }}", most, "longer than 1048576 characters");
    assertRefused("{{ base64(base64(A)) }}", most, "base64() is longer than 65536 characters");
    Map<String, @Nullable Object> number =
        new HashMap<>(Map.of("A", new BigDecimal("1E+999999999")));
    assertThatThrownBy(() -> compile("{{ A }}", Position.PLAIN).render(valuesOf(number)))
        .hasMessageContaining("too many digits");
  }

  private static void assertRefused(String template, String value, String reason) {
    assertThatThrownBy(() -> Rendering.render(template, Position.PLAIN, value))
        .isInstanceOf(RenderingException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void random_texts_are_read_or_refused_and_never_anything_else() {
    Random random = new Random(20260301);
    String[] pieces = {
      "{{", "}}", "{", "}", " ", "A", "oauth", ".", "0", "[", "]", "\"", "\\", "(", ")", "!", "+",
      "|", "safe", "base64", "left", ",", "?", "eval", "[=", "${", "<#", "[#", "é", "\uD83D", "-",
      "if", "\n", "'"
    };
    String[] whole = {
      "{{ A }}",
      "x{{ oauth.list.0.id + A }}y",
      "{{ (oauth.no)!\"d\" }}",
      "{{ left(A, 1)|safe }}",
      "[=p0]"
    };
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder(whole[random.nextInt(whole.length)]);
      for (int n = random.nextInt(4); n > 0; n--) {
        text.insert(random.nextInt(text.length() + 1), pieces[random.nextInt(pieces.length)]);
      }
      read += readsOrRefuses(text.toString()) ? 1 : 0;
    }
    assertThat(read).isGreaterThan(1_000);
  }

  /** Whether it could be rendered. */
  private static boolean readsOrRefuses(String text) {
    try {
      TemplateText template = TemplateText.parse(text);
      if (!template.isLiteral()) {
        CompiledText.compile("x", template, Position.PLAIN).render(valuesOf(values()));
        return true;
      }
      assertThat(CompiledText.compile("x", template, Position.PLAIN).render(valuesOf(values())))
          .isEqualTo(text);
      return false;
    } catch (TemplateSyntaxException | RenderingException e) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ \"${x}[=y]?eval\" }}",
        "{{ a.b[\"?api.class\"] }}",
        "{{ if!else + (data_model)[\".now\"] }}",
        "{{ claim(a.b!\"?new()\", \"\\\"+p0?eval+\\\"\")[\"'\"] }}"
      })
  void freemarker_is_given_nothing_of_an_authors_choice(String template) throws Exception {
    String source = new FtlSource(TemplateText.parse(template), Position.PLAIN).source();
    assertThat(source)
        .matches("\\[=(?:[A-Za-z0-9_(),+! ]|\"(?:[A-Za-z0-9]|\\\\x[0-9A-F]{4})*\")*\\]");
  }

  @Test
  void and_its_own_doors_are_closed_besides() {
    for (String built :
        List.of("p0?eval", "\"java.lang.Runtime\"?new()", "p0?api", "p0?interpret")) {
      assertThatThrownBy(() ->
              FreeMarker.compile("[=" + built + "]", Position.PLAIN)
                  .process(
                      new Evaluation(
                          List.of(new Path(List.of("A"))), valuesOf(Map.of("A", "1 + "))),
                      new BoundedWriter(100)))
          .isInstanceOf(Exception.class);
    }
  }

  @Test
  void threads_share_a_compiled_template() throws Exception {
    CompiledText compiled = compile("{{ A }}-{{ sha256(A) }}", Position.QUERY);
    List<Thread> threads = new ArrayList<>();
    boolean[] right = new boolean[8];
    for (int t = 0; t < right.length; t++) {
      String value = "v" + t;
      int slot = t;
      String expected = Rendering.render("{{ A }}-{{ sha256(A) }}", Position.QUERY, value);
      threads.add(
          Thread.startVirtualThread(() -> {
            boolean all = true;
            for (int i = 0; i < 500; i++) {
              all &= compiled.render(valuesOf(Map.of("A", value))).equals(expected);
            }
            right[slot] = all;
          }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(Arrays.toString(right)).doesNotContain("false");
  }
}
