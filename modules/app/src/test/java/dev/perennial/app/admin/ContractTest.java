package dev.perennial.app.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import dev.perennial.app.access.Scope;
import dev.perennial.app.admin.Contract.Operation;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Holds docs/openapi.json to the code, and to what OpenAPI 3.1 wants. */
class ContractTest {

  @Test
  void theDocumentHasExactlyTheRoutesOfTheCodeWithTheirScopes() {
    try (AdminServer server = new AdminServer(Duration.ofMillis(5))) {
      assertThat(Contract.operations().stream().map(it -> it + " " + scopes(it)).toList())
          .containsExactlyInAnyOrderElementsOf(
              server.routes.routes().stream()
                  .map(route ->
                      route.method().text() + " " + route.path() + " " + scopes(route.scope()))
                  .toList());
    }
  }

  private static Set<String> scopes(@Nullable Scope scope) {
    return scope == null ? Set.of() : Set.of(scope.text());
  }

  /** Of each of the ways to show who one is, all of which must want the same. */
  private static Set<String> scopes(Operation operation) {
    Set<String> ways = new TreeSet<>();
    Set<String> scopes = new TreeSet<>();
    for (JsonNode way : operation.node().path("security")) {
      way.forEachEntry((name, wanted) -> {
        ways.add(name);
        wanted.forEach(it -> scopes.add(it.asString()));
      });
    }
    assertThat(operation.node().path("security").isArray()).as(operation.toString()).isTrue();
    assertThat(ways)
        .as(operation.toString())
        .isIn(
            Set.of(),
            new TreeSet<>(
                Contract.document().path("components").path("securitySchemes").propertyNames()));
    return scopes;
  }

  @Test
  void itIsServedAsItIs() throws IOException {
    try (AdminServer server = new AdminServer(Duration.ofMillis(5))) {
      HttpResponse<String> answer = server.send(server.open("/openapi.json"));

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(Files.readString(Contract.FILE));
    }
  }

  @Test
  void everyReferenceLeadsSomewhereAndEveryComponentIsReferredTo() {
    Set<String> referred = new TreeSet<>();
    references(Contract.document(), referred);

    assertThat(referred)
        .allSatisfy(it -> {
          assertThat(it).startsWith("#/components/");
          assertThat(Contract.document().at(it.substring(1)).isObject()).as(it).isTrue();
        });
    Contract.document()
        .path("components")
        .forEachEntry((kind, all) -> {
          if (!kind.equals("securitySchemes")) {
            all.forEachEntry(
                (name, _) -> assertThat(referred).contains("#/components/" + kind + "/" + name));
          }
        });
  }

  private static void references(JsonNode node, Set<String> into) {
    if (node.path("$ref").isString()) {
      into.add(node.path("$ref").asString());
    }
    node.forEach(child -> references(child, into));
  }

  @Test
  void everyOperationSaysWhatOpenApiWants() {
    Set<String> ids = new TreeSet<>();
    assertThat(Contract.document().path("openapi").asString()).startsWith("3.1.");
    assertThat(Contract.document().path("info").has("title")).isTrue();
    assertThat(Contract.document().path("info").has("version")).isTrue();
    for (Operation operation : Contract.operations()) {
      assertThat(operation.method()).isIn("GET", "POST", "PUT", "DELETE");
      assertThat(ids.add(operation.node().path("operationId").asString())).isTrue();
      assertThat(operation.node().path("summary").asString()).isNotBlank();
      assertThat(pathParameters(operation)).as(operation.toString()).isEqualTo(named(operation));
      operation
          .node()
          .path("responses")
          .forEachEntry((status, response) -> {
            assertThat(status).matches("[1-5][0-9][0-9]");
            assertThat(Contract.resolved(response).path("description").asString()).isNotBlank();
          });
      if (!scopes(operation).isEmpty()) {
        assertThat(operation.node().path("responses").propertyNames())
            .as(operation.toString())
            .contains("401", "403", "500", "503");
      }
    }
  }

  private static Set<String> pathParameters(Operation operation) {
    Set<String> names = new TreeSet<>();
    for (JsonNode reference : operation.node().path("parameters")) {
      JsonNode parameter = Contract.resolved(reference);
      assertThat(parameter.path("in").asString()).isIn("path", "query", "header");
      assertThat(parameter.has("schema")).isTrue();
      if (parameter.path("in").asString().equals("path")) {
        assertThat(parameter.path("required").asBoolean(false)).isTrue();
        names.add(parameter.path("name").asString());
      }
    }
    return names;
  }

  private static Set<String> named(Operation operation) {
    return Pattern.compile("\\{[a-z]+\\}")
        .matcher(operation.path())
        .results()
        .map(MatchResult::group)
        .map(name -> name.substring(1, name.length() - 1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyExampleFitsItsSchema() {
    List<String> checked = new ArrayList<>();
    examples(Contract.document(), checked);

    assertThat(checked).hasSizeGreaterThan(25);
  }

  private static void examples(JsonNode node, List<String> checked) {
    if (node.has("schema") && node.has("example")) {
      JsonNode schema = node.path(node.has("x-line-schema") ? "x-line-schema" : "schema");
      List<JsonNode> examples =
          node.has("x-line-schema")
              ? node.path("example").asString().lines().map(JsonMapper.shared()::readTree).toList()
              : List.of(node.path("example"));
      for (JsonNode example : examples) {
        assertThat(Contract.schema(schema).validate(example).stream().map(Error::toString))
            .as(example.toString())
            .isEmpty();
        checked.add(example.toString());
      }
    }
    node.forEach(child -> examples(child, checked));
  }
}
