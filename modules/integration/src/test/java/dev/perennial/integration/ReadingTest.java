package dev.perennial.integration;

import static dev.perennial.integration.Fixture.findings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file may look like as a whole, and what is said where it does not. */
class ReadingTest {
  private static final String OAUTH =
      """
      {"authenticate_url": "https://a.example/auth", "pkce": false,
       "access_token": {"url": "https://a.example/token"}}\
      """;

  @Test
  void the_three_shapes_read_alike() {
    String manifest =
        """
        {"name": "Acme", "version": 3, "actions": [{"x": {}}], "headers": {"X-App": "perennial"},
         "initial_data_form": [{"id": "CLIENT_ID", "type": "text", "secret": false}],
         "oauth": %s}\
        """
            .formatted(OAUTH);
    for (String shape : List.of(OAUTH, "{\"oauth\": " + OAUTH + "}", manifest)) {
      assertThat(findings(shape)).isEmpty();
      assertThat(Fixture.bind(shape).consentUrl(Fixture.CONSENT))
          .hasToString("https://a.example/auth?state=st");
    }
  }

  @Test
  void a_fragment_as_it_is_published_is_told_and_reads_once_wrapped() {
    String fragment = "\n  \"oauth\": " + OAUTH + ",\n";
    assertThat(findings(fragment))
        .containsExactly(
            "acme.json:2:3: error: a fragment: wrap it in { } and remove the trailing comma");
    assertThat(
            findings(fragment.stripTrailing().substring(0, fragment.stripTrailing().length() - 1)))
        .containsExactly("acme.json:2:3: error: a fragment: wrap it in { }");
    String wrapped = "{" + fragment.strip().replaceAll(",$", "") + "}";
    assertThat(findings(wrapped)).isEmpty();
  }

  @Test
  void every_error_of_a_file_is_told_with_path_and_position() {
    String json =
        """
        {
          "oauth": {
            "authenticate_url": 5,
            "pkce": "yes",
            "acess_token": {},
            "access_token": {
              "url": "https://a.example/{{ oauth.x }}",
              "data": {"client_id": "{{ CLIENT_ID }"}
            },
            "refresh": {"url": "ftp://a.example", "method": "OPTION", "status_code": [200, "2xx"]},
            "lifetime": {"refresh_token": "90 days"},
            "dpop": "yes"
          }
        }
        """;
    assertThat(findings(json))
        .containsExactly(
            "acme.json:3:25: error: oauth.authenticate_url: must be a text, is a number",
            "acme.json:4:13: error: oauth.pkce: must be true or false, is a text",
            "acme.json:5:5: error: oauth.acess_token: unknown key 'acess_token'; did you mean"
                + " access_token?",
            "acme.json:7:14: error: oauth.access_token.url: oauth.x has no value here: there is no"
                + " token response before a refresh",
            "acme.json:8:29: error: oauth.access_token.data.client_id: at character 14 of the"
                + " text: '}' is not part of the language",
            "acme.json:10:24: error: oauth.refresh.url: a URL starts with https:// or with a"
                + " template",
            "acme.json:10:53: error: oauth.refresh.method: must be GET, POST, PUT, PATCH or DELETE",
            "acme.json:10:84: error: oauth.refresh.status_code[1]: must be an HTTP status from 100"
                + " to 599, or a list of such",
            "acme.json:11:35: error: oauth.lifetime.refresh_token: must be a duration such as 30s,"
                + " 10m, 24h or 90d",
            "acme.json:12:13: error: oauth.dpop: must be true or false, is a text");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"access_token": {"url": "https://a.example"},}     | 1:46: error: a trailing comma: remove it
          {"access_token": {"url": "https://a.example", } }   | 1:45: error: a trailing comma: remove it
          {"scopes": ["a",], "access_token": {}}              | 1:16: error: a trailing comma: remove it
          {"access_token": {"url": "https://a.example"}       | the file ends too early: a } or ] or " is missing
          {"access_token": {"url": "https://a.example         | the file ends too early: a } or ] or " is missing
          {access_token: 1}                                   | 1:2: error: not JSON
          {"a": 1} {"b": 2}                                   | 1:10: error: there is more after the end
          {"scopes": [1 2]}                                   | not JSON
          [1]                                                 | a definition is an object, this is a list
          "x"                                                 | a definition is an object, this is a text
          {}                                                  | there is no oauth object
          {"name": "x"}                                       | there is no oauth object
          {"oauth": null}                                     | error: oauth: must be an object, is null
          {"oauth": 3}                                        | error: oauth: must be an object, is a number
          {"oauth": {}}                                       | oauth.access_token: is missing
          {"pkce": true, "pkce": true, "access_token": {}}    | 1:16: error: pkce: written twice, first in line 1
          {"oauth": {"headers": {}}}                          | it belongs beside oauth
          {"access_token": {}}                                | 1:18: error: access_token.url: is missing
          {"access_token": {"URL": "https://a.example"}}      | unknown key 'URL'; did you mean url?
          {"access_token": {"zzzzzz": 1}}                     | there are cast_data_to_json, data, headers, method, status_code, then, url
          {"oauth": {}, "initial_data_form": {}}              | initial_data_form: must be a list, is an object
          """)
  void what_is_wrong_with_a_file_is_said(String json, String expected) {
    assertThat(String.join("\n", findings(json))).contains(expected);
    assertThat(Fixture.read(json)).isInstanceOf(Reading.Unreadable.class);
  }

  @Test
  void an_empty_file_is_told() {
    assertThat(findings(" \n")).containsExactly("acme.json:1:1: error: the file is empty");
  }

  @Test
  void size_depth_and_encoding_are_limited() {
    assertThat(findings(" ".repeat(256 * 1024 + 1)).getFirst()).contains("a definition at most");
    String deep = "{\"access_token\": " + "[".repeat(100_000) + "]".repeat(100_000) + "}";
    assertThat(findings(deep).getFirst()).contains("more than 32 levels");
    assertThat(bytes(0xEF, 0xBB, 0xBF, '{', '}')).contains("byte order mark");
    assertThat(bytes(0xFF, 0xFE, '{', 0)).contains("UTF-16");
    assertThat(bytes('{', '\n', ' ', 0xC3, 0x28)).contains("acme.json:2:2").contains("not UTF-8");
    assertThat(bytes('{', 0xC3)).contains("not UTF-8");
  }

  private static String bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return new DefinitionReader().read("acme.json", bytes).findings().getFirst().toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Acme.json", "acme.JSON", "a_b.json", ".json", "-a.json", "acme", "a b.json"})
  void a_file_name_that_is_no_slug_is_an_error(String name) {
    Reading reading = new DefinitionReader().read(name, OAUTH.getBytes(StandardCharsets.UTF_8));
    assertThat(reading.findings().getFirst().reason()).contains("[a-z0-9-].json");
  }

  @Test
  void a_finding_is_one_line_whatever_the_file_says() {
    String json = "{\"access_token\": {\"a\\nb\\u001b[31m\": 1}}";
    assertThat(findings(json)).allSatisfy(line -> assertThat(line).doesNotContain("\n", "\u001b"));
  }

  @Test
  void a_folder_is_read_whole_and_all_its_errors_are_told(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("good.json"), OAUTH);
    Files.writeString(folder.resolve("README.md"), "not a definition");
    assertThat(DefinitionDirectory.read(folder))
        .extracting(Definition::slug)
        .containsExactly("good");
    Files.writeString(folder.resolve("bad.json"), "{\"acess_token\": 1, \"access_token\": {}}");
    Files.writeString(folder.resolve("Worse.json"), "{,}");
    assertThatThrownBy(() -> DefinitionDirectory.read(folder))
        .isInstanceOf(DefinitionProblems.class)
        .hasMessageContaining("bad.json:1:2: error: acess_token")
        .hasMessageContaining("access_token.url: is missing")
        .hasMessageContaining("Worse.json:1:1: error: the file's name")
        .hasMessageContaining("Worse.json:1:2: error: not JSON");
    assertThatThrownBy(() -> DefinitionDirectory.read(folder.resolve("none")))
        .isInstanceOf(DefinitionProblems.class)
        .hasMessageContaining("cannot be read");
  }

  @Test
  void check_tells_of_a_file_that_is_not_there() {
    assertThat(new DefinitionCheck(_ -> Optional.empty()).check(List.of(Path.of("none.json"))))
        .extracting(Finding::toString)
        .containsExactly("none.json:1:1: error: there is no such file");
  }
}
