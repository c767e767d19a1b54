package dev.perennial.integration.schema;

import dev.perennial.integration.document.Json;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A definition as the validator reads it. A member that is null counts as absent. */
final class Nodes {
  private static final JsonNodeFactory FACTORY = JsonNodeFactory.instance;

  private Nodes() {}

  static JsonNode of(Json json) {
    return switch (json) {
      case Json.Obj object -> object(object);
      case Json.Arr array -> {
        ArrayNode node = FACTORY.arrayNode();
        array.items().forEach(item -> node.add(of(item)));
        yield node;
      }
      case Json.Text text -> FACTORY.stringNode(text.text());
      case Json.Num number -> number(number);
      case Json.Bool flag -> FACTORY.booleanNode(flag.value());
      case Json.Nil _ -> FACTORY.nullNode();
    };
  }

  /** The validator compares numbers of 64 bits and stumbles over larger ones. */
  private static JsonNode number(Json.Num number) {
    Optional<Integer> whole = number.whole();
    if (whole.isPresent()) {
      return FACTORY.numberNode(whole.get().intValue());
    }
    double value = Double.parseDouble(number.text());
    return Math.abs(value) > Integer.MAX_VALUE
        ? FACTORY.numberNode(value > 0 ? Long.MAX_VALUE : Long.MIN_VALUE)
        : FACTORY.numberNode(value);
  }

  private static JsonNode object(Json.Obj object) {
    ObjectNode node = FACTORY.objectNode();
    object
        .members()
        .forEach((name, value) -> {
          if (!(value instanceof Json.Nil)) {
            node.set(name, of(value));
          }
        });
    return node;
  }
}
