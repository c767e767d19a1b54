package dev.perennial.devstack.provider;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A plain OAuth client over HTTP, as a stranger would write one. */
final class Caller implements AutoCloseable {
  static final String CALLBACK = "http://localhost:9/callback/sim";
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final SimulatedProvider provider;
  private final URI tokenUri;

  Caller(SimulatedProvider provider) {
    this(provider, provider.tokenUri());
  }

  /**
   * @param tokenUri where it sends its token requests instead
   */
  Caller(SimulatedProvider provider, URI tokenUri) {
    this.provider = provider;
    this.tokenUri = tokenUri;
  }

  /** What the browser was sent back with. */
  Map<String, String> consent(Map<String, String> more) throws Exception {
    HttpResponse<String> answer = authorize(more);
    if (answer.statusCode() != 302) {
      throw new IOException("no redirect but " + answer.statusCode() + ": " + answer.body());
    }
    String location = answer.headers().firstValue("Location").orElseThrow();
    return query(location);
  }

  /** The query of an address, decoded. */
  static Map<String, String> query(String address) {
    return Parameters.parse(Objects.requireNonNull(URI.create(address).getRawQuery())).asMap();
  }

  HttpResponse<String> authorize(Map<String, String> more) throws Exception {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("response_type", "code");
    query.put("client_id", provider.profile().clientId());
    query.put("redirect_uri", CALLBACK);
    query.put("state", "s t&ate");
    query.putAll(more);
    query.values().removeIf(String::isEmpty);
    return get(URI.create(provider.authorizeUri() + "?" + Parameters.encode(query)));
  }

  HttpResponse<String> get(URI uri) throws Exception {
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  HttpResponse<String> resource(String accessToken) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(provider.resourceUri())
            .header("Authorization", "Bearer " + accessToken)
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  /** A fresh grant's first token response. */
  JsonNode connect() throws Exception {
    String code = Objects.requireNonNull(consent(Map.of()).get("code"));
    return json(redeem(code, Map.of()));
  }

  HttpResponse<String> redeem(String code, Map<String, String> more) throws Exception {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "authorization_code");
    form.put("code", code);
    form.put("redirect_uri", CALLBACK);
    form.putAll(more);
    return token(form);
  }

  HttpResponse<String> refresh(String refreshToken) throws Exception {
    return token(Map.of("grant_type", "refresh_token", "refresh_token", refreshToken));
  }

  HttpResponse<String> token(Map<String, String> form) throws Exception {
    Map<String, String> whole = new LinkedHashMap<>();
    whole.put("client_id", provider.profile().clientId());
    whole.put("client_secret", provider.profile().clientSecret());
    whole.putAll(form);
    return post(tokenUri, Parameters.encode(whole));
  }

  HttpResponse<String> post(URI uri, String form) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("X-Perennial-Worker", "caller")
            .POST(BodyPublishers.ofString(form))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  HttpResponse<String> send(HttpRequest request) throws Exception {
    return http.send(request, BodyHandlers.ofString());
  }

  static JsonNode json(HttpResponse<String> answer) {
    return JSON.readTree(answer.body());
  }

  static String text(JsonNode node, String field) {
    return node.path(field).asString("");
  }

  @Override
  public void close() {
    http.close();
  }
}
