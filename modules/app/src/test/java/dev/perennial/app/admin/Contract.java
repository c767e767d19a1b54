package dev.perennial.app.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * docs/openapi.json, and answers held against it: status, headers and body must be those of the
 * operation, and a body must not have a member that stands nowhere.
 */
final class Contract {
  static final Path FILE = Path.of("../../docs/openapi.json");
  private static final JsonMapper MAPPER = JsonMapper.shared();
  private static final JsonNode DOCUMENT = read();
  private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

  private static final Schema PROBLEM =
      schema(MAPPER.readTree("{\"$ref\":\"#/components/schemas/Problem\"}"));

  /** What the server says before it looks for a route: of any path. */
  private static final String NO_HTTP = "The request cannot be taken as HTTP.";

  private Contract() {}

  private static String shortened(String text) {
    return text.substring(0, Math.min(text.length(), 300));
  }

  private static JsonNode read() {
    try {
      return MAPPER.readTree(Files.readString(FILE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode document() {
    return DOCUMENT;
  }

  /**
   * One thing that can be asked for.
   *
   * @param method in capitals
   */
  record Operation(String method, String path, JsonNode node) {
    /** With all of the path's segments matching. */
    private boolean isAt(String actual) {
      String pattern =
          Pattern.compile("\\{[a-z]+\\}")
              .splitAsStream(path)
              .map(Pattern::quote)
              .reduce((left, right) -> left + "[^/]+" + right)
              .orElseThrow();
      return Pattern.matches(path.endsWith("}") ? pattern + "[^/]+" : pattern, actual);
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  static List<Operation> operations() {
    List<Operation> all = new ArrayList<>();
    DOCUMENT
        .path("paths")
        .forEachEntry((path, item) ->
            item.forEachEntry((method, node) ->
                all.add(new Operation(method.toUpperCase(Locale.ROOT), path, node))));
    return all;
  }

  /** What stands there, or where its reference leads. */
  static JsonNode resolved(JsonNode node) {
    String reference = node.path("$ref").asString("");
    return reference.isEmpty() ? node : DOCUMENT.at(reference.substring(1));
  }

  static void check(HttpResponse<String> answer) {
    String path =
        Objects.requireNonNullElse(
            answer.uri().getPath(), ""); // the server decodes before it looks for a route
    String asked = answer.request().method();
    String method = asked.equals("HEAD") ? "GET" : asked;
    String what =
        answer.statusCode()
            + " to "
            + asked
            + " "
            + shortened(path)
            + " "
            + shortened(answer.body());
    if (answer.body().contains(NO_HTTP)) {
      assertFits(PROBLEM, answer.body(), what);
      return;
    }
    List<Operation> there = operations().stream().filter(it -> it.isAt(path)).toList();
    Optional<Operation> operation =
        there.stream().filter(it -> it.method().equals(method)).findFirst();
    if (operation.isEmpty()) {
      assertThat(answer.statusCode()).as(what).isIn(401, there.isEmpty() ? 404 : 405);
      assertFits(PROBLEM, answer.body(), what);
      return;
    }
    JsonNode response =
        resolved(
            operation.get().node().path("responses").path(String.valueOf(answer.statusCode())));
    assertThat(response.isObject()).as("a status of the contract: " + what).isTrue();
    response
        .path("headers")
        .forEachEntry((name, header) -> {
          if (header.path("required").asBoolean(false)) {
            assertThat(answer.headers().firstValue(name)).as(name + ": " + what).isPresent();
          }
        });
    if (!asked.equals("HEAD")) {
      checkBody(response, answer, what);
    }
  }

  private static void checkBody(JsonNode response, HttpResponse<String> answer, String what) {
    if (!response.has("content")) {
      assertThat(answer.body()).as(what).isEmpty();
      return;
    }
    String type = answer.headers().firstValue("Content-Type").orElse("none").replaceAll(";.*", "");
    JsonNode content = response.path("content").path(type);
    assertThat(content.isObject()).as("a type of the contract, not " + type + ": " + what).isTrue();
    if (content.has("x-line-schema")) {
      Schema line = schema(content.path("x-line-schema"));
      answer.body().lines().forEach(it -> assertFits(line, it, what));
    } else if (type.endsWith("json")) {
      assertFits(schema(content.path("schema")), answer.body(), what);
    }
  }

  private static void assertFits(Schema schema, String json, String what) {
    assertThat(schema.validate(MAPPER.readTree(json)).stream().map(Error::toString).toList())
        .as(what)
        .isEmpty();
  }

  /** Closed: an object that names its members has no others. */
  static Schema schema(JsonNode node) {
    return SCHEMAS.computeIfAbsent(
        node.toString(),
        text -> {
          ObjectNode closed = (ObjectNode) MAPPER.readTree(text);
          closed.set("$defs", DOCUMENT.path("components").path("schemas").deepCopy());
          close(closed);
          return SchemaRegistry.withDialect(Dialects.getDraft202012())
              .getSchema(
                  MAPPER.readTree(closed.toString().replace("#/components/schemas/", "#/$defs/")));
        });
  }

  private static void close(JsonNode node) {
    if (node instanceof ObjectNode object
        && object.path("properties").isObject()
        && !object.has("additionalProperties")) {
      object.put("additionalProperties", false);
    }
    node.forEach(Contract::close);
  }
}
