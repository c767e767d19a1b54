package dev.perennial.event;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The event contract as it is published under {@code docs}. */
final class Documents {
  static final JsonMapper JSON = new JsonMapper();

  private static final Path DOCS = Path.of("../../docs");
  private static final String SCHEMA = ".schema.json";

  private Documents() {}

  /** The event types that have a schema. */
  static List<String> types() {
    try (Stream<Path> files = Files.list(DOCS.resolve("events"))) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .map(name -> name.substring(0, name.length() - SCHEMA.length()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode schema(String type) {
    return read(DOCS.resolve("events").resolve(type + SCHEMA));
  }

  static JsonNode asyncApi() {
    return read(DOCS.resolve("asyncapi.json"));
  }

  /** What is wrong with the data of an event of a type. */
  static List<String> problems(String type, JsonNode data) {
    return problems(schema(type), data);
  }

  /** What is wrong with an instance of any schema. */
  static List<String> problems(JsonNode schema, JsonNode instance) {
    Schema compiled = SchemaRegistry.withDialect(Dialects.getDraft202012()).getSchema(schema);
    return compiled.validate(instance).stream().map(Error::toString).toList();
  }

  private static JsonNode read(Path file) {
    try {
      return JSON.readTree(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
