package dev.perennial.app.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A first definition of an ordinary provider (RFC 6749 section 4.1), for its author to go on from.
 * Immutable.
 *
 * @param name for people
 * @param documentation the provider's page about OAuth 2.0; null = to be filled in
 * @param discovery URL of the metadata, which then say the endpoints; null = the two URLs do
 * @param authorizeUrl the consent page, without our parameters; ignored with {@code discovery}
 * @param tokenUrl the token endpoint; ignored with {@code discovery}
 * @param scopes asked for; may be empty
 * @param basic the client authenticates with HTTP Basic; else in the form
 * @param pkce S256 (RFC 7636)
 * @param refresh tokens are renewed with a refresh token
 * @param revokes the metadata name a revocation endpoint (RFC 7009)
 */
record DefinitionDraft(
    String name,
    @Nullable String documentation,
    @Nullable String discovery,
    String authorizeUrl,
    String tokenUrl,
    List<String> scopes,
    boolean basic,
    boolean pkce,
    boolean refresh,
    boolean revokes) {

  private static final JsonMapper JSON =
      json(Separators.createDefaultInstance().withObjectNameValueSpacing(Separators.Spacing.AFTER));

  DefinitionDraft {
    scopes = List.copyOf(scopes);
  }

  /** The file's text; it passes {@code perennial check}. */
  String json() {
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("name", name);
    file.put("documentation_url", documentation == null ? "" : documentation);
    file.put("setup", "");
    file.put(
        "initial_data_form",
        List.of(
            variable("CLIENT_ID", "Client ID", false),
            variable("CLIENT_SECRET", "Client secret", true)));
    file.put("oauth", oauth());
    return JSON.writeValueAsString(file) + "\n";
  }

  private static JsonMapper json(Separators separators) {
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    return JsonMapper.builder()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .defaultPrettyPrinter(
            new DefaultPrettyPrinter(separators).withObjectIndenter(lines).withArrayIndenter(lines))
        .build();
  }

  private static Map<String, Object> variable(String id, String label, boolean secret) {
    Map<String, Object> variable = new LinkedHashMap<>();
    variable.put("id", id);
    variable.put("name", label);
    variable.put("description", "");
    variable.put("secret", secret);
    return variable;
  }

  private Map<String, Object> oauth() {
    Map<String, Object> oauth = new LinkedHashMap<>();
    if (discovery != null) {
      oauth.put("discovery", discovery);
    }
    oauth.put(
        "authenticate_url",
        endpoint("authorization_endpoint", authorizeUrl)
            + "?response_type=code&client_id={{ CLIENT_ID }}&redirect_uri={{ redirect_url }}"
            + "&scope={{ scopes }}");
    oauth.put("scopes", scopes);
    oauth.put("pkce", pkce);
    oauth.put(
        "access_token",
        request(
            endpoint("token_endpoint", tokenUrl),
            Map.entry("grant_type", "authorization_code"),
            Map.entry("redirect_uri", "{{ redirect_url }}")));
    if (refresh) {
      oauth.put(
          "refresh",
          request(
              endpoint("token_endpoint", tokenUrl),
              Map.entry("grant_type", "refresh_token"),
              Map.entry("refresh_token", "{{ refresh_token }}")));
    }
    if (discovery != null && revokes) {
      String token = refresh ? "{{ refresh_token }}" : "{{ access_token }}";
      oauth.put("revoke", request(endpoint("revocation_endpoint", ""), Map.entry("token", token)));
    }
    return oauth;
  }

  private String endpoint(String metadata, String url) {
    return discovery == null ? url : "{{ discovery." + metadata + " }}";
  }

  @SafeVarargs
  private Map<String, Object> request(String url, Map.Entry<String, String>... parameters) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("url", url);
    Map<String, Object> data = new LinkedHashMap<>();
    if (basic) {
      request.put("headers", Map.of("Authorization", "Basic {{ CLIENT_ID }}:{{ CLIENT_SECRET }}"));
    } else {
      data.put("client_id", "{{ CLIENT_ID }}");
      data.put("client_secret", "{{ CLIENT_SECRET }}");
    }
    for (Map.Entry<String, String> parameter : parameters) {
      data.put(parameter.getKey(), parameter.getValue());
    }
    request.put("data", data);
    return request;
  }
}
