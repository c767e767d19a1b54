package dev.perennial.integration.schema;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import com.networknt.schema.path.NodePath;
import dev.perennial.integration.document.Json;
import dev.perennial.integration.document.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON Schema of definitions (draft 2020-12), which editors read too: the one place that says
 * which keys there are, of which types. It refers to nothing outside of itself. Thread-safe.
 */
public final class DefinitionSchema {
  private static final String FILE = "integration.schema.json";

  /** Our own words stand beside what is checked, in a keyword that checks nothing. */
  private static final Dialect DIALECT =
      Dialect.builder(Dialects.getDraft202012())
          .keyword(new NonValidationKeyword("errorMessage"))
          .build();

  private final JsonNode document;
  private final Schema schema;
  private final Wording wording;

  private DefinitionSchema(JsonNode document) {
    this.document = document;
    this.schema = SchemaRegistry.withDialect(DIALECT).getSchema(document);
    this.wording = new Wording(document);
  }

  /** Read and compiled once, when it is first needed. */
  public static DefinitionSchema get() {
    return Holder.SCHEMA;
  }

  /** The keys of one of its {@code $defs}, e.g. {@code oauth}. */
  public Set<String> keys(String name) {
    return new TreeSet<>(document.path("$defs").path(name).path("properties").propertyNames());
  }

  /** What is wrong with a file, each place once. */
  public List<Problem> check(Json.Obj file) {
    Map<String, Problem> problems = new LinkedHashMap<>();
    for (Error error : schema.validate(Nodes.of(file))) {
      find(file, error.getInstanceLocation())
          .map(at -> wording.problem(error, at))
          .ifPresent(problem -> problems.putIfAbsent(problem.at().path(), problem));
    }
    return List.copyOf(problems.values());
  }

  private static Optional<Json> find(Json.Obj file, NodePath way) {
    Json at = file;
    for (int i = 0; i < way.getNameCount(); i++) {
      Object element = way.getElement(i);
      at =
          switch (at) {
            case Json.Obj object -> object.members().get(String.valueOf(element));
            case Json.Arr(var _, List<Json> items) when element instanceof Integer index ->
                items.get(index);
            default -> null;
          };
      if (at == null) {
        return Optional.empty();
      }
    }
    return Optional.of(at);
  }

  /** Deferred: compiling takes a moment. */
  private static final class Holder {
    private static final DefinitionSchema SCHEMA = read();

    private static DefinitionSchema read() {
      try (InputStream in = DefinitionSchema.class.getResourceAsStream(FILE)) {
        if (in == null) {
          throw new IllegalStateException(FILE + " is missing from the jar");
        }
        return new DefinitionSchema(new JsonMapper().readTree(in));
      } catch (IOException e) {
        throw new UncheckedIOException(FILE, e);
      }
    }
  }
}
