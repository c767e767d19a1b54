package dev.perennial.devstack.dialect;

import dev.perennial.devstack.dialect.Dialect.Body;
import dev.perennial.devstack.dialect.Dialect.Call;
import dev.perennial.devstack.dialect.Dialect.Consent;
import dev.perennial.devstack.dialect.Dialect.Failure;
import dev.perennial.devstack.dialect.Dialect.Kind;
import dev.perennial.devstack.dialect.Dialect.Reply;
import dev.perennial.devstack.dialect.Dialect.Rotation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a dialect; a member it does not know is an error, as is one that is missing. */
final class DialectReader {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final Set<String> MEANINGS =
      Set.of("refused", "throttled", "unavailable", "misconfigured");

  private final JsonNode root;

  DialectReader(String json) {
    try {
      this.root = JSON.readTree(json);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  Dialect read() {
    Members top = new Members("the dialect", root);
    top.allow("variables", "connection", "consent", "calls", "rotation", "errors", "expect");
    Rotation rotation = rotation(top.text("rotation"));
    List<Call> calls = new ArrayList<>();
    for (JsonNode call : top.list("calls")) {
      calls.add(call(new Members("calls " + calls.size(), call)));
    }
    List<Failure> errors = new ArrayList<>();
    for (JsonNode error : top.list("errors")) {
      errors.add(failure(new Members("errors " + errors.size(), error)));
    }
    Members expect = new Members("expect", top.get("expect"));
    expect.allow("expires_in", "access_token");
    Dialect dialect =
        new Dialect(
            variables(top.strings("variables")),
            variables(top.strings("connection")),
            top.has("consent") ? consent(new Members("consent", top.get("consent"))) : null,
            calls,
            rotation,
            errors,
            expect.has("access_token") ? expect.text("access_token") : "$access_token",
            expiresIn(expect.get("expires_in")));
    checkRotation(dialect);
    return dialect;
  }

  private static Rotation rotation(String text) {
    try {
      return Rotation.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("there is no rotation " + text, e);
    }
  }

  private static @Nullable Long expiresIn(JsonNode node) {
    if (node.isNull()) {
      return null;
    }
    if (!node.isIntegralNumber()) {
      throw new IllegalArgumentException("expires_in is neither a whole number nor null");
    }
    return node.asLong();
  }

  private static void checkRotation(Dialect dialect) {
    boolean issued = dialect.calls().stream().anyMatch(DialectReader::issuesRefreshToken);
    if (issued != (dialect.rotation() != Rotation.NONE)) {
      throw new IllegalArgumentException(
          "the rotation is %s, and %s answer has a refresh token"
              .formatted(dialect.rotation(), issued ? "an" : "no"));
    }
    boolean renewed =
        dialect.calls().stream()
            .anyMatch(call -> call.kind() == Kind.REFRESH && issuesRefreshToken(call));
    if (dialect.rotation() == Rotation.SINGLE_USE && dialect.has(Kind.REFRESH) && !renewed) {
      throw new IllegalArgumentException("no refresh brings the next refresh token");
    }
  }

  private static boolean issuesRefreshToken(Call call) {
    return call.reply().body().toString().contains("$" + Placeholders.REFRESH_TOKEN);
  }

  private static Map<String, String> variables(Map<String, String> texts) {
    Map<String, String> values = new LinkedHashMap<>();
    texts.forEach((name, text) ->
        values.put(
            name,
            switch (text) {
              case "$rsa_private_key" -> TestKeys.rsaPem();
              case "$ec_private_key" -> TestKeys.ecPem();
              default -> text;
            }));
    return values;
  }

  private static Consent consent(Members members) {
    members.allow("url", "query", "callback");
    return new Consent(url(members), members.texts("query"), members.texts("callback"));
  }

  private static Call call(Members members) {
    members.allow("for", "method", "url", "query", "headers", "form", "json", "claims", "answer");
    return new Call(
        Kind.of(members.text("for")),
        members.text("method"),
        url(members),
        members.texts("query"),
        members.texts("headers"),
        body(members),
        members.members("claims"),
        reply(new Members(members.place + ", answer", members.get("answer"))));
  }

  private static Text url(Members members) {
    String url = members.text("url");
    if (!url.startsWith("https://") || url.contains("?")) {
      throw new IllegalArgumentException(
          members.place + ": the url is not https, or it has a query: " + url);
    }
    return Text.of(url);
  }

  private static Body body(Members members) {
    if (members.has("form") && members.has("json")) {
      throw new IllegalArgumentException(members.place + " has a form and JSON");
    }
    if (members.has("form")) {
      return new Body.Form(members.texts("form"));
    }
    return members.has("json") ? new Body.Json(checked(members.get("json"))) : new Body.None();
  }

  private static Reply reply(Members members) {
    members.allow("status", "content_type", "headers", "body");
    return new Reply(
        members.number("status"),
        members.text("content_type"),
        members.strings("headers"),
        checked(members.get("body")));
  }

  /** The same, once every placeholder in it is known to exist. */
  private static JsonNode checked(JsonNode node) {
    if (node.isString()) {
      Text.of(node.asString());
    } else {
      node.forEach(DialectReader::checked);
    }
    return node;
  }

  private static Failure failure(Members members) {
    members.allow("for", "status", "content_type", "headers", "body", "meaning", "source");
    String meaning = members.text("meaning");
    if (!MEANINGS.contains(meaning)) {
      throw new IllegalArgumentException(members.place + ": there is no meaning " + meaning);
    }
    JsonNode body = members.get("body");
    return new Failure(
        Kind.of(members.text("for")),
        members.number("status"),
        members.has("content_type") ? Optional.of(members.text("content_type")) : Optional.empty(),
        members.strings("headers"),
        body.isString() ? body.asString() : body.toString(),
        meaning,
        members.text("source"));
  }

  /** The members of one object. */
  private static final class Members {
    private final String place;
    private final JsonNode node;

    Members(String place, JsonNode node) {
      if (!node.isObject()) {
        throw new IllegalArgumentException(place + " is no object");
      }
      this.place = place;
      this.node = node;
    }

    void allow(String... names) {
      Set<String> allowed = Set.of(names);
      for (String name : node.propertyNames()) {
        if (!allowed.contains(name)) {
          throw new IllegalArgumentException(place + " has no member " + name);
        }
      }
    }

    boolean has(String name) {
      return node.has(name);
    }

    JsonNode get(String name) {
      JsonNode found = node.get(name);
      if (found == null) {
        throw new IllegalArgumentException(place + " has no " + name);
      }
      return found;
    }

    String text(String name) {
      return text(name, get(name));
    }

    private String text(String name, JsonNode found) {
      if (!found.isString()) {
        throw new IllegalArgumentException(place + ": " + name + " is no text");
      }
      return found.asString();
    }

    int number(String name) {
      JsonNode found = get(name);
      if (!found.isInt()) {
        throw new IllegalArgumentException(place + ": " + name + " is no number");
      }
      return found.asInt();
    }

    JsonNode list(String name) {
      JsonNode found = get(name);
      if (!found.isArray()) {
        throw new IllegalArgumentException(place + ": " + name + " is no list");
      }
      return found;
    }

    /** Empty where it is absent. */
    Map<String, JsonNode> members(String name) {
      Map<String, JsonNode> members = new LinkedHashMap<>();
      if (has(name)) {
        new Members(place + ", " + name, get(name))
            .node
            .properties()
            .forEach(member -> members.put(member.getKey(), member.getValue()));
      }
      return members;
    }

    Map<String, String> strings(String name) {
      Map<String, String> strings = new LinkedHashMap<>();
      members(name).forEach((key, value) -> strings.put(key, text(name + " " + key, value)));
      return strings;
    }

    Map<String, Text> texts(String name) {
      Map<String, Text> texts = new LinkedHashMap<>();
      strings(name).forEach((key, value) -> texts.put(key, Text.of(value)));
      return texts;
    }
  }
}
