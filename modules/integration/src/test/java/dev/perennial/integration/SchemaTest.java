package dev.perennial.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import dev.perennial.integration.schema.DefinitionSchema;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** docs/integration.schema.json, for editors and for the reader. */
class SchemaTest {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final Path MAIN = Path.of("src/main/java/dev/perennial/integration");

  /** Every key of the language once. */
  private static final String WHOLE =
      """
      {"headers": {"X-A": "b"},
       "initial_data_form": [{"id": "A", "name": "n", "description": "d", "secret": true,
         "per_connection": true, "default": "x", "pattern": "[a-z]", "options": ["x"]}],
       "oauth": {
         "authenticate_url": "https://a.example", "without_code": false, "scopes": ["s"],
         "scope_separator": ",", "pkce": false, "code_parameter": "c", "state_parameter": "s",
         "store_redirect_parameters": true, "allowed_hosts": ["a.example"],
         "discovery": "https://a.example/d", "prepare": {"url": "https://a.example"},
         "access_token": {"url": "https://a.example", "method": "POST", "data": {"a": "b"},
           "headers": {"A": "b"}, "cast_data_to_json": true, "status_code": [200],
           "then": [{"url": "https://a.example", "into": "x", "optional": true}]},
         "refresh": {"url": "https://a.example"},
         "response": {"root": "a", "access_token": "a", "refresh_token": ["a"], "expiry": "a",
           "expiry_unit": "auto", "refresh_token_expiry": "a", "success": {"a": 1},
           "errors": {"a": "refused"}},
         "tokens": {"t": {"path": "a", "refresh": {"url": "https://a.example"}}},
         "lifetime": {"access_token": "1s", "refresh_token": "1s", "grant": "1s",
           "refresh_window": "1s", "reuse_window": "1s"},
         "limits": {"requests": 1, "window": "1s", "per": "connection"},
         "revoke": {"url": "https://a.example"},
         "jwt": {"j": {"key": "k", "algorithm": "HS256", "header": {}, "claims": {}}},
         "client_certificate": {"certificate": "c", "key": "k"}, "dpop": true}}\
      """;

  private static JsonNode document() {
    try {
      return MAPPER.readTree(Files.readString(Path.of("../../docs/integration.schema.json")));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> problems(String json) {
    return Fixture.errors(json);
  }

  @Test
  void it_is_a_schema_of_draft_2020_12() {
    Schema meta =
        SchemaRegistry.withDialect(Dialects.getDraft202012())
            .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
    assertThat(document().path("$schema").asString())
        .isEqualTo("https://json-schema.org/draft/2020-12/schema");
    assertThat(meta.validate(document())).extracting(Error::toString).isEmpty();
    ObjectNode broken = (ObjectNode) document();
    broken.put("type", 5);
    assertThat(meta.validate(broken)).isNotEmpty();
  }

  @Test
  void it_refers_to_nothing_outside_of_itself() {
    List<String> references = new ArrayList<>();
    walk(
        document(),
        "",
        (_, node) -> {
          if (node.path("$ref").isString()) {
            references.add(node.path("$ref").asString());
          }
        });
    assertThat(references)
        .isNotEmpty()
        .allMatch(reference -> reference.startsWith("#/$defs/"))
        .allSatisfy(reference ->
            assertThat(document().at(JsonPointer.compile(reference.substring(1))).isMissingNode())
                .as(reference)
                .isFalse());
    assertThat(document().toString()).doesNotContain("$dynamicRef", "$vocabulary");
  }

  @Test
  void every_key_says_what_it_is() {
    walk(
        document().path("$defs"),
        "",
        (path, node) ->
            node.path("properties")
                .properties()
                .forEach(property -> {
                  JsonNode schema = property.getValue();
                  String reference = schema.path("$ref").asString("");
                  boolean titled =
                      schema.has("title")
                          || document()
                              .at(reference.isEmpty() ? "/-" : reference.substring(1))
                              .has("title");
                  assertThat(titled).as(path + " " + property.getKey()).isTrue();
                }));
  }

  private interface Visitor {
    void visit(String path, JsonNode node);
  }

  private static void walk(JsonNode node, String path, Visitor visitor) {
    if (node.isObject()) {
      visitor.visit(path, node);
      node.properties()
          .forEach(member -> walk(member.getValue(), path + "/" + member.getKey(), visitor));
    }
    node.values()
        .forEach(item -> {
          if (node.isArray()) {
            walk(item, path, visitor);
          }
        });
  }

  /** Each key that the code reads by name is in the schema, and the other way round. */
  @Test
  void its_keys_are_those_that_the_reader_reads() throws IOException {
    Pattern read =
        Pattern.compile(
            "(?:text|object|objects|list|flag|texts|number|paths|duration|get)\\(\\s*\"([a-z_]+)\"");
    Pattern stage = Pattern.compile("^ {2}[A-Z_]+\\(\"([a-z_]+)\"\\)", Pattern.MULTILINE);
    Set<String> inCode = new TreeSet<>();
    try (Stream<Path> files = Files.list(MAIN)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String code = Files.readString(file);
        for (Pattern pattern : List.of(read, stage)) {
          Matcher matcher = pattern.matcher(code);
          while (matcher.find()) {
            inCode.add(String.valueOf(matcher.group(1)));
          }
        }
      }
    }
    Set<String> inSchema = new TreeSet<>();
    document()
        .path("$defs")
        .forEach(schema -> inSchema.addAll(schema.path("properties").propertyNames()));
    assertThat(inCode).isEqualTo(inSchema);
  }

  @Test
  void the_whole_language_reads() {
    JsonNode oauth = MAPPER.readTree(WHOLE).path("oauth");
    assertThat(oauth.propertyNames())
        .containsExactlyInAnyOrderElementsOf(DefinitionSchema.get().keys("oauth"));
    assertThat(problems(WHOLE)).isEmpty();
  }

  static Stream<String> places() {
    List<String> places = new ArrayList<>();
    collect(MAPPER.readTree(WHOLE), "", places);
    return places.stream().filter(place -> !place.isEmpty());
  }

  private static void collect(JsonNode node, String pointer, List<String> places) {
    places.add(pointer);
    node.properties()
        .forEach(member -> collect(member.getValue(), pointer + "/" + member.getKey(), places));
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        collect(node.get(i), pointer + "/" + i, places);
      }
    }
  }

  /** Places that take any JSON, or a number as well as a text. */
  private static final Map<String, Set<String>> WIDE =
      Map.of(
          "/oauth/access_token/data/a", Set.of("5", "true"),
          "/oauth/access_token/headers/A", Set.of("5"),
          "/headers/X-A", Set.of("5"),
          "/oauth/response/success/a", Set.of("5", "true"),
          "/oauth/access_token/then/0/into", Set.of());

  /** What is silently dropped by a reader must have been told by the schema, once. */
  @ParameterizedTest
  @MethodSource("places")
  void a_value_of_a_wrong_type_is_told_once(String pointer) {
    JsonNode right = MAPPER.readTree(WHOLE).at(pointer);
    for (String wrong : List.of("5", "true", "{\"zz\": []}", "[[]]")) {
      JsonNode value = MAPPER.readTree(wrong);
      boolean same = value.getNodeType() == right.getNodeType();
      if (same || WIDE.getOrDefault(pointer, Set.of()).contains(wrong)) {
        continue;
      }
      JsonNode whole = MAPPER.readTree(WHOLE);
      replace(whole, pointer, value);
      String path = pointer.substring(1).replaceAll("/(\\d+)", "[$1]").replace('/', '.');
      List<String> told =
          problems(whole.toString()).stream()
              .filter(problem ->
                  problem.startsWith(path + ":")
                      || problem.startsWith(path + "[")
                      || problem.startsWith(path + "."))
              .toList();
      assertThat(told).as(path + " = " + wrong).hasSize(1);
    }
  }

  private static void replace(JsonNode whole, String pointer, JsonNode value) {
    int slash = pointer.lastIndexOf('/');
    JsonNode parent = whole.at(pointer.substring(0, slash));
    String last = pointer.substring(slash + 1);
    if (parent instanceof ObjectNode object) {
      object.set(last, value);
    } else {
      ((tools.jackson.databind.node.ArrayNode) parent).set(Integer.parseInt(last), value);
    }
  }

  @Test
  void its_examples_and_defaults_are_what_the_reader_takes() {
    JsonNode properties = document().at("/$defs/oauth/properties");
    properties
        .properties()
        .forEach(property -> {
          List<JsonNode> values = new ArrayList<>(property.getValue().path("examples").values());
          if (property.getValue().has("default")) {
            values.add(property.getValue().path("default"));
          }
          for (JsonNode value : values) {
            ObjectNode oauth =
                (ObjectNode)
                    MAPPER.readTree(
                        "{\"access_token\": {\"url\": \"https://a.example\"}, \"refresh\":"
                            + " {\"url\": \"https://a.example\"}}");
            oauth.set(property.getKey(), value);
            assertThat(problems(oauth.toString())).as(property.getKey() + " " + value).isEmpty();
          }
        });
    for (String part : List.of("response", "lifetime", "limits", "request", "jwt")) {
      document()
          .at("/$defs/" + part + "/properties")
          .properties()
          .forEach(property ->
              property
                  .getValue()
                  .path("examples")
                  .forEach(value ->
                      assertThat(told(part, property.getKey(), value))
                          .as(part + "." + property.getKey() + " " + value)
                          .isEmpty()));
    }
  }

  private static List<String> told(String part, String key, JsonNode value) {
    String oauth =
        switch (part) {
          case "request" ->
              "{\"access_token\": {\"url\": \"https://a.example\"}, \"refresh\": {\"url\":"
                  + " \"https://a.example\"}}";
          case "limits" ->
              "{\"access_token\": {\"url\": \"https://a.example\"}, \"limits\": {\"requests\": 1,"
                  + " \"window\": \"1s\", \"per\": \"connection\"}}";
          case "jwt" ->
              "{\"access_token\": {\"url\": \"https://a.example\"}, \"jwt\": {\"j\": {\"key\":"
                  + " \"k\", \"algorithm\": \"HS256\"}}}";
          default ->
              "{\"access_token\": {\"url\": \"https://a.example\"}, \"%s\": {}}".formatted(part);
        };
    JsonNode whole = MAPPER.readTree(oauth);
    JsonNode at =
        part.equals("request")
            ? whole.path("refresh")
            : part.equals("jwt") ? whole.at("/jwt/j") : whole.path(part);
    ((ObjectNode) at).set(key, value);
    return problems(whole.toString());
  }

  @Test
  void every_shipped_definition_is_valid() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("../../integrations"))) {
      List<Path> shipped = files.filter(file -> file.toString().endsWith(".json")).toList();
      assertThat(shipped).isNotEmpty();
      Schema schema = SchemaRegistry.withDialect(Dialects.getDraft202012()).getSchema(document());
      for (Path file : shipped) {
        assertThat(schema.validate(MAPPER.readTree(Files.readString(file))))
            .as(file.toString())
            .isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e999999999",
        "-1e999999999",
        "1e-999999999",
        "1e20",
        "99999999999999999999",
        "1.0e1",
        "10000000"
      })
  void numbers_of_any_size_are_read_or_refused(String number) {
    String json =
        """
        {"access_token": {"url": "https://a.example", "status_code": %1$s, "data": {"n": %1$s}},
         "limits": {"requests": %1$s, "window": "1s", "per": "connection"}}\
        """
            .formatted(number);
    List<String> told = problems(json);
    assertThat(told)
        .anyMatch(
            problem -> problem.startsWith("access_token.status_code: must be an HTTP status"));
    assertThat(
            told.stream()
                .anyMatch(problem -> problem.startsWith("limits.requests: must be a whole number")))
        .isEqualTo(!number.equals("1.0e1"));
  }

  @Test
  void the_jar_holds_the_same_file() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            DefinitionSchema.class.getResourceAsStream("integration.schema.json"))) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo(Files.readString(Path.of("../../docs/integration.schema.json")));
    }
  }
}
