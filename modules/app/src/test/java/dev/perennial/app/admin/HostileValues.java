package dev.perennial.app.admin;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Values that fit a schema, mostly, and others that nobody should send. */
final class HostileValues {
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "0",
          "-1",
          "null",
          "true",
          "*",
          "\"",
          "'",
          "%",
          "%00",
          "..",
          "../../etc/passwd",
          "a/b",
          "\u0000",
          "\r\nX: y",
          "é",
          "\ud83d\ude00",
          "{{CLIENT_ID}}",
          "${jndi:x}",
          "1e999",
          "99999999999999999999",
          "google/acme",
          "google",
          "acme",
          "W/\"1-2\"",
          "\"1-2\", *",
          "2026-13-40T25:61:00Z",
          "+1000000000-01-01T00:00:00Z",
          "P99999999999D",
          "PT9223372036854775807S",
          "-PT1S",
          "x".repeat(300),
          "é".repeat(3000));

  /** As they stand in JSON. */
  private static final List<String> JSON =
      List.of(
          "null",
          "true",
          "0",
          "-0.0",
          "1e999",
          "-1",
          "9223372036854775808",
          "1.5",
          "\"\"",
          "[]",
          "{}",
          "[null]",
          "\"\\ud800\"",
          "\"\\u0000\"",
          "{\"a\":1,\"a\":2}",
          "[[[[[[[[]]]]]]]]",
          "{\"\":{\"\":{}}}",
          "\"" + "x".repeat(9000) + "\"",
          "[1,\"a\",null,{},[]]",
          "0.".concat("0".repeat(400)).concat("1"),
          "\"google/acme\"",
          "\"P1D\"");

  private final RandomGenerator random;

  HostileValues(RandomGenerator random) {
    this.random = random;
  }

  boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  <T> T oneOf(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  String text() {
    if (chance(70)) {
      return oneOf(TEXTS);
    }
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i >= 0; i--) {
      text.appendCodePoint(chance(60) ? random.nextInt(32, 127) : random.nextInt(1, 0xd800));
    }
    return text.toString();
  }

  /** A parameter's value. */
  String text(JsonNode schema) {
    if (chance(12)) {
      return text();
    }
    Object value = value(schema, 0);
    return value instanceof String text ? text : String.valueOf(value);
  }

  /** A body: mostly of the schema, with strange values here and there, sometimes no JSON at all. */
  byte[] json(JsonNode schema) {
    String text =
        chance(4)
            ? text()
            : JsonMapper.shared().writeValueAsString(chance(95) ? value(schema, 0) : text());
    for (int i = random.nextInt(3); i > 0 && chance(25); i--) {
      text =
          text.replaceFirst(":(\"[^\"]*\"|null|[0-9]+)", ":" + oneOf(JSON).replace("\\", "\\\\"));
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (chance(3) && bytes.length > 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return chance(2) ? ("[".repeat(50_000)).getBytes(StandardCharsets.UTF_8) : bytes;
  }

  private @Nullable Object value(JsonNode reference, int depth) {
    JsonNode schema = Contract.resolved(reference);
    if (schema.has("oneOf")) {
      return value(oneOf(List.copyOf(schema.path("oneOf").values())), depth);
    }
    if (schema.has("enum")) {
      return oneOf(List.copyOf(schema.path("enum").values())).asString();
    }
    if (schema.has("examples") && chance(50)) {
      return schema.path("examples").path(0).asString();
    }
    return switch (type(schema)) {
      case "object" -> object(schema, depth);
      case "array" -> array(schema, depth);
      case "integer" -> chance(80) ? random.nextInt(1, 50) : random.nextLong();
      case "number" -> chance(80) ? random.nextInt(5000) : random.nextDouble() * 1e30;
      case "boolean" -> chance(50);
      case "null" -> null;
      default -> string(schema);
    };
  }

  private String type(JsonNode schema) {
    JsonNode type = schema.path("type");
    return type.isArray() ? oneOf(List.copyOf(type.values())).asString() : type.asString("string");
  }

  private Object object(JsonNode schema, int depth) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    schema
        .path("properties")
        .forEachEntry((name, member) -> {
          boolean required =
              schema.path("required").valueStream().anyMatch(it -> it.asString().equals(name));
          if (depth < 5 && chance(required ? 95 : 35)) {
            object.put(name, value(member, depth + 1));
          }
        });
    if (schema.path("additionalProperties").isObject() || chance(4)) {
      object.put(text(), text());
    }
    return object;
  }

  private Object array(JsonNode schema, int depth) {
    List<@Nullable Object> array = new ArrayList<>();
    for (int i = random.nextInt(chance(3) ? 1100 : 5); i > 0; i--) {
      array.add(value(schema.path("items"), depth + 1));
    }
    return array;
  }

  private String string(JsonNode schema) {
    if (schema.path("format").asString("").equals("date-time") && chance(80)) {
      return "20" + random.nextInt(10, 60) + "-03-01T12:00:00Z";
    }
    String pattern = schema.path("pattern").asString("");
    if (pattern.contains("/") && chance(80)) {
      return oneOf(List.of("google/acme", "google/other", "shop/acme", "none/x"));
    }
    if (pattern.startsWith("^[a-z0-9]") && chance(92)) {
      return oneOf(List.of("google", "google", "shop", "shop", "lasting", "unset", "none"));
    }
    if (pattern.startsWith("^[A-Za-z0-9]") && chance(92)) {
      return oneOf(List.of("acme", "acme", "acme", "other", "other", "expired", "x:y=z"));
    }
    return chance(60) ? oneOf(List.of("a", "1-2", "Bearer", "AQ==", "acme-*")) : text();
  }
}
