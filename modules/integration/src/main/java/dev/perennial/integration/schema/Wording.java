package dev.perennial.integration.schema;

import com.networknt.schema.Error;
import dev.perennial.integration.document.Json;
import dev.perennial.integration.document.Place;
import dev.perennial.integration.document.Problem;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/**
 * Says what the validator found in words that an author can act on: those of the schema's own
 * {@code errorMessage} where it has one. Immutable.
 */
record Wording(JsonNode document) {
  private static final String MESSAGE = "errorMessage";
  private static final Map<String, String> KINDS =
      Map.of(
          "object", "an object",
          "array", "a list",
          "string", "a text",
          "number", "a number",
          "integer", "a whole number",
          "boolean", "true or false");

  Problem problem(Error error, Json at) {
    JsonNode owner = owner(error);
    String keyword = error.getKeyword();
    String property = String.valueOf(error.getProperty());
    return switch (keyword) {
      case "additionalProperties" ->
          new Problem(key(at, property), UnknownKey.reason(property, properties(owner)));
      case "required" -> new Problem(at.at().member(property), missing(owner, property));
      case "propertyNames" ->
          new Problem(key(at, property), message(resolved(owner.path(keyword)), "pattern", error));
      case "type" -> new Problem(at.at(), type(owner, at, error));
      default -> new Problem(at.at(), message(owner, keyword, error));
    };
  }

  /** The schema that the keyword stands in. */
  private JsonNode owner(Error error) {
    String location = error.getSchemaLocation().toString();
    JsonPointer keyword = JsonPointer.compile(location.substring(location.indexOf('#') + 1));
    return document.at(keyword.head());
  }

  private JsonNode resolved(JsonNode schema) {
    String reference = schema.path("$ref").asString("");
    return reference.isEmpty() ? schema : document.at(reference.substring(1));
  }

  private static Place key(Json at, String property) {
    return at instanceof Json.Obj object ? object.key(property) : at.at();
  }

  private static List<String> properties(JsonNode owner) {
    return List.copyOf(owner.path("properties").propertyNames());
  }

  private String missing(JsonNode owner, String property) {
    JsonNode schema = owner.path("properties").path(property);
    String title = schema.path("title").asString(resolved(schema).path("title").asString(""));
    return title.isEmpty() ? "is missing" : "is missing: " + title;
  }

  private static String type(JsonNode owner, Json at, Error error) {
    JsonNode type = owner.path("type");
    String wanted =
        type.isString()
            ? "must be " + KINDS.getOrDefault(type.asString(), type.asString())
            : message(owner, "type", error);
    return wanted + ", is " + at.kind();
  }

  private static String message(JsonNode owner, String keyword, Error error) {
    JsonNode message = owner.path(MESSAGE);
    if (message.isString()) {
      return message.asString();
    }
    if (message.path(keyword).isString()) {
      return message.path(keyword).asString();
    }
    return owner.path("enum").isArray() ? oneOf(owner.path("enum")) : error.getMessage();
  }

  private static String oneOf(JsonNode values) {
    return "must be one of "
        + values.values().stream().map(JsonNode::asString).collect(Collectors.joining(", "));
  }
}
