package dev.perennial.devstack.dialect;

import dev.perennial.devstack.dialect.Dialect.Body;
import dev.perennial.devstack.dialect.Dialect.Call;
import dev.perennial.devstack.dialect.Text.Piece;
import dev.perennial.devstack.provider.HttpRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One request held against what was expected: everything in which the two differ. */
final class Comparison {
  private static final JsonMapper JSON = new JsonMapper();

  private final Facts facts;
  private final Map<String, JsonNode> claims;
  private final List<String> differences = new ArrayList<>();
  private final Map<String, String> found = new HashMap<>();
  private boolean spent;

  Comparison(Facts facts, Map<String, JsonNode> claims) {
    this.facts = facts;
    this.claims = claims;
  }

  /** In words, with the values; empty where the request is as expected. */
  List<String> differences() {
    return List.copyOf(differences);
  }

  /** What placeholders had as their value for the first time. */
  Map<String, String> found() {
    return Map.copyOf(found);
  }

  /** Whether a refresh token came that was used before. */
  boolean hasSpentToken() {
    return spent;
  }

  void compare(Call call, HttpRequest request) {
    if (!call.method().equals(request.method())) {
      differences.add(expected("method", call.method(), request.method()));
    }
    url(call.url(), request);
    parameters("query parameter", call.query(), request.query());
    call.headers()
        .forEach((name, value) -> {
          String actual = request.header(name);
          if (actual == null) {
            differences.add(
                "header " + name + ": expected `" + shown(value) + "`, but it is missing");
          } else {
            text("header " + name, value, actual);
          }
        });
    switch (call.body()) {
      case Body.None() -> {
        if (!request.body().isEmpty()) {
          differences.add("body: expected none, got `" + request.body() + "`");
        }
      }
      case Body.Form(Map<String, Text> fields) -> {
        contentType("application/x-www-form-urlencoded", request);
        parameters("form parameter", fields, request.body());
      }
      case Body.Json(JsonNode value) -> {
        contentType("application/json", request);
        json(value, request.body());
      }
    }
  }

  /** Path by path segment, each as it is meant and not as it was encoded. */
  void url(Text expected, HttpRequest request) {
    String actual = DialectServer.realUrl(request.path());
    String[] wanted = expected.toString().split("/", -1);
    String[] got = actual.split("/", -1);
    if (wanted.length != got.length) {
      differences.add(expected("URL", shown(expected), actual));
      return;
    }
    for (int i = 0; i < wanted.length; i++) {
      text("URL " + actual, Text.of(wanted[i]), decoded(got[i].replace("+", "%2B")));
    }
  }

  void parameters(String kind, Map<String, Text> expected, String encoded) {
    Map<String, String> actual = read(kind, encoded);
    expected.forEach((name, value) -> {
      String got = actual.remove(name);
      if (got == null) {
        differences.add(kind + " " + name + ": expected `" + shown(value) + "`, but it is missing");
      } else {
        text(kind + " " + name, value, got);
      }
    });
    actual.forEach((name, value) ->
        differences.add(kind + " " + name + ": not expected, got `" + value + "`"));
  }

  private Map<String, String> read(String kind, String encoded) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String pair : encoded.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
      if (values.put(name, value) != null) {
        differences.add(kind + " " + name + ": sent twice");
      }
    }
    return values;
  }

  private String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      differences.add("broken percent-encoding: `" + text + "`");
      return text;
    }
  }

  private void contentType(String expected, HttpRequest request) {
    String actual = request.header("content-type");
    String plain = actual == null ? "none" : actual.split(";", 2)[0].strip();
    if (!plain.equalsIgnoreCase(expected)) {
      differences.add(expected("header content-type", expected, plain));
    }
  }

  private void json(JsonNode expected, String body) {
    try {
      node("JSON", expected, JSON.readTree(body));
    } catch (JacksonException e) {
      differences.add("body: expected JSON, got `" + body + "`");
    }
  }

  private void node(String place, JsonNode expected, JsonNode actual) {
    if (expected.isString() && actual.isString()) {
      text(place, Text.of(expected.asString()), actual.asString());
    } else if (expected.isString() && isTime(expected.asString()) && actual.isNumber()) {
      text(place, Text.of(expected.asString()), actual.asString());
    } else if (expected.isObject() && actual.isObject()) {
      for (String name : expected.propertyNames()) {
        JsonNode value = actual.get(name);
        if (value == null) {
          differences.add(place + " member " + name + ": it is missing");
        } else {
          node(place + " member " + name, expected.get(name), value);
        }
      }
      for (String name : actual.propertyNames()) {
        if (!expected.has(name)) {
          differences.add(
              place + " member " + name + ": not expected, got `" + actual.get(name) + "`");
        }
      }
    } else if (expected.isArray() && actual.isArray() && expected.size() == actual.size()) {
      for (int i = 0; i < expected.size(); i++) {
        node(place + " element " + i, expected.get(i), actual.get(i));
      }
    } else if (!expected.equals(actual)) {
      differences.add(expected(place, expected.toString(), actual.toString()));
    }
  }

  private static boolean isTime(String text) {
    return text.matches("\\$(now|in_[0-9]+)(_ms)?");
  }

  private void text(String place, Text expected, String actual) {
    List<String> open = new ArrayList<>();
    StringBuilder pattern = new StringBuilder();
    for (Piece piece : expected.pieces()) {
      switch (piece) {
        case Piece.Literal literal -> pattern.append(Pattern.quote(literal.text()));
        case Piece.Placeholder placeholder -> {
          String value = value(placeholder.name());
          if (value == null) {
            open.add(placeholder.name());
            pattern.append("(.*)");
          } else {
            pattern.append(Pattern.quote(value));
          }
        }
      }
    }
    Matcher match = Pattern.compile(pattern.toString(), Pattern.DOTALL).matcher(actual);
    if (!match.matches()) {
      boolean isSpent = facts.isSpent(actual);
      spent |= isSpent;
      differences.add(
          expected(place, shown(expected), actual)
              + (isSpent ? ", a refresh token that is spent" : ""));
      return;
    }
    for (int i = 0; i < open.size(); i++) {
      judge(place, open.get(i), String.valueOf(match.group(i + 1)));
    }
  }

  private @Nullable String value(String name) {
    String value = facts.known(name);
    return value == null ? found.get(name) : value;
  }

  private void judge(String place, String name, String actual) {
    List<String> problems = facts.problems(name, actual, claims);
    problems.forEach(
        problem -> differences.add(expected(place, "$" + name, actual) + ", which is " + problem));
    if (problems.isEmpty() && (name.equals("state") || name.equals("challenge"))) {
      found.put(name, actual);
    }
  }

  private String shown(Text expected) {
    StringBuilder shown = new StringBuilder();
    for (Piece piece : expected.pieces()) {
      switch (piece) {
        case Piece.Literal literal -> shown.append(literal.text());
        case Piece.Placeholder placeholder -> {
          String value = value(placeholder.name());
          shown.append(value == null ? "$" + placeholder.name() : value);
        }
      }
    }
    return shown.toString();
  }

  private static String expected(String place, String expected, String actual) {
    return place + ": expected `" + expected + "`, got `" + actual + "`";
  }
}
