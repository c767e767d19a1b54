package dev.perennial.devstack.dialect;

import dev.perennial.devstack.dialect.Dialect.Call;
import dev.perennial.devstack.dialect.Dialect.Consent;
import dev.perennial.devstack.dialect.Dialect.Kind;
import dev.perennial.devstack.dialect.Dialect.Reply;
import dev.perennial.devstack.dialect.Text.Piece;
import dev.perennial.devstack.provider.HttpRequest;
import dev.perennial.devstack.provider.HttpResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One dialect being played, from the consent on: what came, what is still to come, and everything
 * that was not as expected. Thread-safe.
 *
 * <p>Calls come in the order of the dialect, each once unless it is to be {@link #repeat(Kind)
 * repeated}, and not before their kind is {@link #allow(Kind) allowed}. Only a discovery may come
 * at any time and more than once.
 */
public final class Stage {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Dialect dialect;
  private final Facts facts;
  private final List<String> findings = new ArrayList<>();
  private final Set<Call> made = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Kind> allowed = EnumSet.of(Kind.DISCOVERY, Kind.PREPARE, Kind.TOKEN);
  private final String redirectUrl;
  private final UnaryOperator<String> led;
  private boolean consented;

  /**
   * @param led where the server is that plays: an issuer is believed only at its own origin
   */
  Stage(
      Dialect dialect,
      String redirectUrl,
      UnaryOperator<String> led,
      InstantSource clock,
      RandomGenerator random) {
    this.dialect = dialect;
    this.led = led;
    this.redirectUrl = redirectUrl;
    this.facts = new Facts(dialect, redirectUrl, clock, random);
  }

  /** Calls of this kind may come from now on. */
  public synchronized void allow(Kind kind) {
    allowed.add(kind);
  }

  /** Calls of this kind are to come once more. */
  public synchronized void repeat(Kind kind) {
    made.removeIf(call -> call.kind() == kind);
  }

  /** Everything that was not as the dialect has it so far. */
  public synchronized List<String> findings() {
    return List.copyOf(findings);
  }

  /** What is allowed to come and has not come yet, the consent too. */
  public synchronized List<String> missing() {
    List<String> missing = new ArrayList<>();
    if (dialect.consent() != null && !consented) {
      missing.add("the consent (" + dialect.consent().url() + ")");
    }
    dialect.calls().stream()
        .filter(call -> allowed.contains(call.kind()) && !made.contains(call))
        .map(Call::title)
        .forEach(missing::add);
    return missing;
  }

  /**
   * What a text of the dialect stands for now, for instance {@code $access_token}.
   *
   * @throws IllegalStateException where nothing was minted for it yet
   */
  public synchronized String current(String text) {
    StringBuilder filled = new StringBuilder();
    for (Piece piece : Text.of(text).pieces()) {
      switch (piece) {
        case Piece.Literal literal -> filled.append(literal.text());
        case Piece.Placeholder placeholder -> {
          String value = facts.known(placeholder.name());
          if (value == null) {
            throw new IllegalStateException("there is no $" + placeholder.name() + " yet");
          }
          filled.append(value);
        }
      }
    }
    return filled.toString();
  }

  /** The names of all tokens that are good now. */
  public synchronized Set<String> tokens() {
    return dialect.calls().stream()
        .flatMap(call -> tokensOf(call.reply().body()).stream())
        .filter(name -> facts.known(name) != null)
        .map(name -> "$" + name)
        .collect(Collectors.toSet());
  }

  private static Set<String> tokensOf(JsonNode body) {
    Set<String> names = new HashSet<>();
    for (JsonNode text : body.isString() ? List.of(body) : leaves(body)) {
      Text.of(text.asString()).placeholders().stream()
          .filter(it -> Placeholders.isAccessToken(it) || Placeholders.isRefreshToken(it))
          .forEach(names::add);
    }
    return names;
  }

  private static List<JsonNode> leaves(JsonNode node) {
    List<JsonNode> texts = new ArrayList<>();
    for (JsonNode child : node) {
      if (child.isString()) {
        texts.add(child);
      } else {
        texts.addAll(leaves(child));
      }
    }
    return texts;
  }

  synchronized HttpResponse answer(HttpRequest request) {
    Consent consent = dialect.consent();
    if (consent != null && isAt(consent.url(), request) && request.method().equals("GET")) {
      return consent(consent, request);
    }
    Call call = expected(request);
    if (call == null) {
      findings.add("nothing more was to come, and this came: " + title(request));
      return refused("invalid_request");
    }
    Comparison comparison = new Comparison(facts, call.claims());
    comparison.compare(call, request);
    List<String> problems = new ArrayList<>(comparison.differences());
    if (!allowed.contains(call.kind())) {
      problems.add("nobody asked for it yet");
    }
    if (!problems.isEmpty()) {
      problems.forEach(it -> findings.add(call.title() + " came as " + title(request) + ": " + it));
      return refused(comparison.hasSpentToken() ? "invalid_grant" : "invalid_request");
    }
    facts.learn(comparison.found());
    made.add(call);
    return call.kind() == Kind.DISCOVERY ? metadata(call.reply()) : reply(call.reply());
  }

  /** Whether anything of this dialect is at a host. */
  boolean isAt(String host) {
    Stream<Text> consents =
        dialect.consent() == null ? Stream.empty() : Stream.of(dialect.consent().url());
    return Stream.concat(consents, dialect.calls().stream().map(Call::url))
        .anyMatch(url -> url.toString().startsWith("https://" + host + "/"));
  }

  private boolean isAt(Text url, HttpRequest request) {
    Comparison comparison = new Comparison(facts, Map.of());
    comparison.url(url, request);
    return comparison.differences().isEmpty();
  }

  /** The call with which a request is to be compared: a discovery by its address, else the next. */
  private @Nullable Call expected(HttpRequest request) {
    for (Call call : dialect.calls()) {
      if (call.kind() == Kind.DISCOVERY && isAt(call.url(), request)) {
        return call;
      }
    }
    return dialect.calls().stream()
        .filter(call -> call.kind() != Kind.DISCOVERY && !made.contains(call))
        .findFirst()
        .orElse(null);
  }

  private HttpResponse consent(Consent consent, HttpRequest request) {
    Comparison comparison = new Comparison(facts, Map.of());
    comparison.parameters("query parameter", consent.query(), request.query());
    List<String> problems = new ArrayList<>(comparison.differences());
    if (consented) {
      problems.add("it was given before");
    }
    if (dialect.calls().stream().anyMatch(it -> it.kind() == Kind.PREPARE && !made.contains(it))) {
      problems.add("its preparation has not come yet");
    }
    if (!problems.isEmpty()) {
      problems.forEach(it -> findings.add("the consent: " + it));
      return HttpResponse.of(400, "text/html", "<p>This is not how consent is asked for here.</p>");
    }
    consented = true;
    facts.learn(comparison.found());
    Map<String, String> fresh = new HashMap<>();
    String query =
        consent.callback().entrySet().stream()
            .map(
                it -> encoded(it.getKey()) + "=" + encoded(sent(it.getKey(), it.getValue(), fresh)))
            .collect(Collectors.joining("&"));
    facts.issue(fresh);
    return HttpResponse.redirect(redirectUrl + "?" + query);
  }

  private String sent(String name, Text value, Map<String, String> fresh) {
    String text = filled(value, fresh);
    return name.equals("iss") ? led.apply(text) : text;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private HttpResponse metadata(Reply reply) {
    ObjectNode body = NODES.objectNode();
    reply.body().properties().forEach(it -> body.set(it.getKey(), it.getValue()));
    body.put("issuer", led.apply(body.path("issuer").asString("")));
    return reply(new Reply(reply.status(), reply.contentType(), reply.headers(), body));
  }

  private HttpResponse reply(Reply reply) {
    Map<String, String> fresh = new HashMap<>();
    JsonNode body = filled(reply.body(), fresh);
    HttpResponse response =
        HttpResponse.of(
            reply.status(),
            reply.contentType(),
            body.isString() ? body.asString() : body.toString());
    for (Map.Entry<String, String> header : reply.headers().entrySet()) {
      response = response.with(header.getKey(), filled(Text.of(header.getValue()), fresh));
    }
    facts.issue(fresh);
    return response;
  }

  private JsonNode filled(JsonNode node, Map<String, String> fresh) {
    if (node.isString()) {
      Text text = Text.of(node.asString());
      Long number = text.isPlaceholder() ? facts.number(text.placeholders().getFirst()) : null;
      return number == null ? NODES.stringNode(filled(text, fresh)) : NODES.numberNode(number);
    }
    if (node.isObject()) {
      ObjectNode object = NODES.objectNode();
      node.properties().forEach(it -> object.set(it.getKey(), filled(it.getValue(), fresh)));
      return object;
    }
    if (node.isArray()) {
      ArrayNode array = NODES.arrayNode();
      node.forEach(it -> array.add(filled(it, fresh)));
      return array;
    }
    return node;
  }

  private String filled(Text text, Map<String, String> fresh) {
    StringBuilder filled = new StringBuilder();
    for (Piece piece : text.pieces()) {
      switch (piece) {
        case Piece.Literal literal -> filled.append(literal.text());
        case Piece.Placeholder placeholder ->
            filled.append(facts.spoken(placeholder.name(), fresh));
      }
    }
    return filled.toString();
  }

  private static HttpResponse refused(String error) {
    return HttpResponse.of(400, "application/json", "{\"error\":\"" + error + "\"}");
  }

  private static String title(HttpRequest request) {
    return request.method()
        + " "
        + DialectServer.realUrl(request.path())
        + (request.query().isEmpty() ? "" : "?" + request.query())
        + (request.body().isEmpty() ? "" : " with " + request.body());
  }
}
