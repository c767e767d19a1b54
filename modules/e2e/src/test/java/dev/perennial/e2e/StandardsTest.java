package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.SignedJWT;
import dev.perennial.app.role.Node;
import dev.perennial.app.role.Role;
import dev.perennial.client.CredentialUpdate;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.credential.TokenResponse;
import java.net.URI;
import java.net.http.HttpResponse;
import java.text.ParseException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;

/** Definitions that use the standards around OAuth 2.0, on a server that nobody here wrote. */
@ExtendWith(ServersExtension.class)
class StandardsTest {
  private static final Set<Role> ALL = EnumSet.allOf(Role.class);
  private static final StandardsServer SERVER = StandardsServer.start();
  private static final ConnectionKey KEY = ConnectionKey.parse("spring/acme");
  private static final String SECRET = "-secret-3f0a";

  /** The code and its refresh, the client known by a secret in the form. */
  private static final String CODE_GRANT =
      """
      "authenticate_url": "{{ discovery.authorization_endpoint }}?response_type=code&client_id={{ CLIENT_ID }}&redirect_uri={{ redirect_url }}&scope=mail.read",
      "access_token": {"url": "{{ discovery.token_endpoint }}", "data": {
        "grant_type": "authorization_code", "redirect_uri": "{{ redirect_url }}",
        "client_id": "{{ CLIENT_ID }}", "client_secret": "{{ CLIENT_SECRET }}"}},
      "refresh": {"url": "{{ discovery.token_endpoint }}", "data": {
        "grant_type": "refresh_token", "refresh_token": "{{ oauth.refresh_token }}",
        "client_id": "{{ CLIENT_ID }}", "client_secret": "{{ CLIENT_SECRET }}"}}
      """;

  private static final String DEVICE_GRANT =
      """
      "prepare": {"url": "{{ discovery.device_authorization_endpoint }}", "data": {
        "client_id": "{{ CLIENT_ID }}", "client_secret": "{{ CLIENT_SECRET }}",
        "scope": "mail.read"}},
      "access_token": {"url": "{{ discovery.token_endpoint }}", "data": {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "device_code": "{{ prepare.device_code }}",
        "client_id": "{{ CLIENT_ID }}", "client_secret": "{{ CLIENT_SECRET }}"}},
      "refresh": {"url": "{{ discovery.token_endpoint }}", "data": {
        "grant_type": "refresh_token", "refresh_token": "{{ oauth.refresh_token }}",
        "client_id": "{{ CLIENT_ID }}", "client_secret": "{{ CLIENT_SECRET }}"}}
      """;

  @AfterAll
  static void close() {
    SERVER.close();
  }

  @Test
  void a_signed_client_is_discovered_connected_refreshed_and_revoked(Servers servers) {
    Installed.Builder builder =
        discovering(
                servers,
                """
                "pkce": true,
                "authenticate_url": "{{ discovery.authorization_endpoint }}?response_type=code&client_id={{ CLIENT_ID }}&redirect_uri={{ redirect_url }}&scope=mail.read",
                "jwt": {"assertion": {"key": "{{ PRIVATE_KEY }}", "algorithm": "ES256",
                  "header": {"kid": "ours"},
                  "claims": {"iss": "{{ CLIENT_ID }}", "sub": "{{ CLIENT_ID }}",
                    "aud": "{{ discovery.issuer }}"}}},
                "access_token": {"url": "{{ discovery.token_endpoint }}", "data": {
                  "grant_type": "authorization_code", "redirect_uri": "{{ redirect_url }}",
                  "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                  "client_id": "{{ CLIENT_ID }}", "client_assertion": "{{ jwt.assertion }}"}},
                "refresh": {"url": "{{ discovery.token_endpoint }}", "data": {
                  "grant_type": "refresh_token", "refresh_token": "{{ oauth.refresh_token }}",
                  "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                  "client_id": "{{ CLIENT_ID }}", "client_assertion": "{{ jwt.assertion }}"}},
                "revoke": {"url": "{{ discovery.revocation_endpoint }}", "data": {
                  "token": "{{ oauth.refresh_token }}", "token_type_hint": "refresh_token",
                  "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                  "client_id": "{{ CLIENT_ID }}", "client_assertion": "{{ jwt.assertion }}"}}
                """)
            .variable("PERENNIAL_SPRING_CLIENT_ID", "signed")
            .variable("PERENNIAL_SPRING_PRIVATE_KEY", SERVER.clientKey());
    SERVER.register(
        consenting(StandardsServer.client("signed"), builder)
            .clientAuthenticationMethod(ClientAuthenticationMethod.PRIVATE_KEY_JWT)
            .clientSettings(
                ClientSettings.builder()
                    .jwkSetUrl(SERVER.keysUrl())
                    .tokenEndpointAuthenticationSigningAlgorithm(SignatureAlgorithm.ES256)
                    .build())
            .build());
    try (Installed installed = builder.build();
        Browser browser = new Browser()) {
      Node node = installed.node(ALL);
      connect(installed, node, browser);
      String first = refreshToken(installed);
      refresh(installed, node);
      String second = refreshToken(installed);
      assertThat(second).as("the server rotates").isNotEqualTo(first);
      assertThat(SERVER.takes(first)).isFalse();
      assertThat(SERVER.takes(second)).isTrue();
      assertThat(installed.admin(node.adminPort(), "DELETE", KEY, "").statusCode()).isEqualTo(204);
      installed.witness().await(KEY, state -> state.status() == Status.DELETED);
      assertThat(SERVER.takes(second)).as("it is revoked").isFalse();
    }
  }

  @Test
  void a_pushed_request_leaves_two_parameters_in_the_consent_link(Servers servers) {
    Installed.Builder builder =
        known(
            discovering(
                servers,
                """
                "pkce": true,
                "prepare": {"url": "{{ discovery.pushed_authorization_request_endpoint }}", "data": {
                  "client_id": "{{ CLIENT_ID }}", "client_secret": "{{ CLIENT_SECRET }}",
                  "response_type": "code", "redirect_uri": "{{ redirect_url }}",
                  "scope": "mail.read", "state": "{{ state }}",
                  "code_challenge": "{{ code_challenge }}", "code_challenge_method": "S256"}},
                """
                    + CODE_GRANT.replaceFirst(
                        "\\?response_type=[^\"]*",
                        "?client_id={{ CLIENT_ID }}&request_uri={{ prepare.request_uri }}")),
            "pushed");
    SERVER.register(consenting(secretly("pushed"), builder).build());
    try (Installed installed = builder.build();
        Browser browser = new Browser()) {
      Node node = installed.node(ALL);
      URI consent = browser.step(installed.connectLink(node.adminPort(), KEY));
      assertThat(names(consent)).containsExactly("client_id", "request_uri");
      assertThat(login(browser, consent).uri().getPath()).startsWith("/callback/spring");
      installed.witness().await(KEY, Change.CONNECTED, 1);
      refresh(installed, node);
    }
  }

  @Test
  void tokens_are_bound_to_a_key_that_never_leaves(Servers servers)
      throws JOSEException, ParseException {
    Installed.Builder builder =
        known(discovering(servers, "\"pkce\": true, \"dpop\": true," + CODE_GRANT), "bound");
    SERVER.register(consenting(secretly("bound"), builder).build());
    try (Installed installed = builder.build();
        Browser browser = new Browser()) {
      Node node = installed.node(ALL);
      connect(installed, node, browser);
      refresh(installed, node);
      List<CredentialUpdate> updates = installed.witness().updates(KEY);
      ECKey ours = dpopKey(updates.getFirst());
      assertThat(updates)
          .allSatisfy(update -> {
            assertThat(update.state().tokenType()).isEqualTo("DPoP");
            assertThat(dpopKey(update)).isEqualTo(ours);
            assertThat(boundTo(update)).isEqualTo(ours.computeThumbprint().toString());
          });
      assertThat(tokens(updates.getLast()).accessToken())
          .isNotEqualTo(tokens(updates.getFirst()).accessToken());
      String told = installed.admin(node.adminPort(), "GET", KEY, "/credentials").body();
      assertThat(told)
          .contains(accessToken(updates.getLast()))
          .doesNotContain("dpop_key", ours.getD().toString());
    }
  }

  @Test
  void a_device_grant_is_polled_for_and_refreshed(Servers servers) {
    Installed.Builder builder = known(discovering(servers, DEVICE_GRANT), "device");
    SERVER.register(device("device"));
    try (Installed installed = builder.build();
        Browser browser = new Browser()) {
      Node node = installed.node(ALL);
      HttpResponse<String> question = enterCode(browser, showCode(browser, installed, node));
      decide(browser, question, Map.of("scope", StandardsServer.SCOPE));
      installed.witness().await(KEY, Change.CONNECTED, 1);
      refresh(installed, node);
    }
  }

  @Test
  void a_refused_device_grant_is_an_event_with_its_reason(Servers servers) {
    Installed.Builder builder = known(discovering(servers, DEVICE_GRANT), "refused-device");
    SERVER.register(device("refused-device"));
    try (Installed installed = builder.build();
        Browser browser = new Browser()) {
      Node node = installed.node(ALL);
      HttpResponse<String> question = enterCode(browser, showCode(browser, installed, node));
      decide(browser, question, Map.of());
      Await.until("a failed grant", () -> !installed.witness().failures().isEmpty());
      assertThat(installed.witness().failures())
          .singleElement()
          .satisfies(failed -> {
            assertThat(failed.key()).isEqualTo(KEY);
            assertThat(failed.reason().code()).isEqualTo("declined");
            assertThat(failed.reason().detail()).contains("access_denied");
          });
    }
  }

  @Test
  void client_credentials_are_repeated_where_there_is_no_browser(Servers servers) {
    Installed.Builder builder =
        known(
            discovering(
                servers,
                """
                "access_token": {"url": "{{ discovery.token_endpoint }}",
                  "headers": {"Authorization": "Basic {{ CLIENT_ID }}:{{ CLIENT_SECRET }}"},
                  "data": {"grant_type": "client_credentials", "scope": "mail.read"}}
                """),
            "machine");
    SERVER.register(
        StandardsServer.client("machine")
            .clientSecret("{noop}machine" + SECRET)
            .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
            .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
            .build());
    try (Installed installed = builder.build();
        Browser browser = new Browser()) {
      Node node = installed.node(ALL);
      begin(browser, installed.connectLink(node.adminPort(), KEY));
      installed.witness().await(KEY, Change.CONNECTED, 1);
      refresh(installed, node);
      List<CredentialUpdate> updates = installed.witness().updates(KEY);
      assertThat(accessToken(updates.getLast())).isNotEqualTo(accessToken(updates.getFirst()));
    }
  }

  @Test
  void a_token_of_one_connection_is_exchanged_for_another(Servers servers) {
    ConnectionKey other = ConnectionKey.parse("exchange/acme");
    String exchange =
        """
        {"oauth": {
          "discovery": "%s",
          "access_token": {"url": "{{ discovery.token_endpoint }}", "data": {
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token": "{{ SUBJECT_TOKEN }}",
            "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
            "scope": "mail.read",
            "client_id": "{{ CLIENT_ID }}", "client_secret": "{{ CLIENT_SECRET }}"}}},
         "initial_data_form": [
           {"id": "CLIENT_ID"}, {"id": "CLIENT_SECRET", "secret": true},
           {"id": "SUBJECT_TOKEN", "secret": true, "per_connection": true}]}
        """
            .formatted(metadata());
    Installed.Builder builder =
        known(discovering(servers, "\"pkce\": true," + CODE_GRANT), "subject")
            .definition("exchange", exchange)
            .variable("PERENNIAL_EXCHANGE_CLIENT_ID", "exchanging")
            .variable("PERENNIAL_EXCHANGE_CLIENT_SECRET", "exchanging" + SECRET);
    SERVER.register(consenting(secretly("subject"), builder).build());
    SERVER.register(
        secretly("exchanging")
            .authorizationGrantType(AuthorizationGrantType.TOKEN_EXCHANGE)
            .build());
    try (Installed installed = builder.build();
        Browser browser = new Browser()) {
      Node node = installed.node(ALL);
      connect(installed, node, browser);
      String subject = accessToken(installed.witness().updates(KEY).getLast());
      begin(
          browser,
          installed.connectLink(
              node.adminPort(), other, "{\"SUBJECT_TOKEN\": \"" + subject + "\"}"));
      installed.witness().await(other, Change.CONNECTED, 1);
      refresh(installed, node, other);
      assertThat(installed.witness().updates(other))
          .allSatisfy(update -> {
            assertThat(claims(update)).containsEntry("sub", StandardsServer.USER);
            assertThat(accessToken(update)).isNotEqualTo(subject);
          });
      assertThat(installed.admin(node.adminPort(), "GET", other, "/credentials").body())
          .doesNotContain(subject);
    }
  }

  @Test
  void the_next_secret_is_tried_where_one_is_not_taken(Servers servers) {
    Installed.Builder builder =
        discovering(servers, "\"pkce\": true," + CODE_GRANT)
            .variable("PERENNIAL_SPRING_CLIENT_ID", "replacing")
            .variable("PERENNIAL_SPRING_CLIENT_SECRET", "[\"wrong\", \"replacing" + SECRET + "\"]");
    SERVER.register(consenting(secretly("replacing"), builder).build());
    try (Installed installed = builder.build();
        Browser browser = new Browser()) {
      Node node = installed.node(ALL);
      connect(installed, node, browser);
      refresh(installed, node);
    }
  }

  @Test
  void an_answer_of_another_issuer_is_refused_and_the_right_one_still_taken(Servers servers) {
    Installed.Builder builder =
        known(discovering(servers, "\"pkce\": true," + CODE_GRANT), "issued");
    SERVER.register(consenting(secretly("issued"), builder).build());
    try (Installed installed = builder.build();
        Browser browser = new Browser()) {
      Node node = installed.node(ALL);
      login(browser, SERVER.uri("/login"));
      URI callback = browser.step(browser.step(installed.connectLink(node.adminPort(), KEY)));
      assertThat(names(callback)).containsExactly("code", "state", "iss");
      String right = callback.toString();
      String before = right.substring(0, right.indexOf("&iss="));
      assertThat(browser.open(URI.create(before + "&iss=https://other.example")).statusCode())
          .isEqualTo(400);
      assertThat(browser.open(URI.create(before)).statusCode())
          .as("its metadata promise an issuer")
          .isEqualTo(400);
      assertThat(installed.witness().updates(KEY)).isEmpty();
      assertThat(browser.open(callback).statusCode()).isEqualTo(200);
      installed.witness().await(KEY, Change.CONNECTED, 1);
      refresh(installed, node);
    }
  }

  private static String metadata() {
    return SERVER.uri("/.well-known/oauth-authorization-server").toString();
  }

  private static Installed.Builder discovering(Servers servers, String members) {
    return Installed.on(servers)
        .definition(
            "spring", "{\"oauth\": {\"discovery\": \"%s\", %s}}".formatted(metadata(), members));
  }

  private static Installed.Builder known(Installed.Builder builder, String client) {
    return builder
        .variable("PERENNIAL_SPRING_CLIENT_ID", client)
        .variable("PERENNIAL_SPRING_CLIENT_SECRET", client + SECRET);
  }

  private static RegisteredClient.Builder secretly(String client) {
    return StandardsServer.client(client)
        .clientSecret("{noop}" + client + SECRET)
        .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_POST);
  }

  private static RegisteredClient.Builder consenting(
      RegisteredClient.Builder client, Installed.Builder installed) {
    return client
        .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
        .authorizationGrantType(AuthorizationGrantType.REFRESH_TOKEN)
        .redirectUri(installed.redirectUrl("spring"));
  }

  private static RegisteredClient device(String client) {
    return secretly(client)
        .authorizationGrantType(AuthorizationGrantType.DEVICE_CODE)
        .authorizationGrantType(AuthorizationGrantType.REFRESH_TOKEN)
        .build();
  }

  private static HttpResponse<String> login(Browser browser, URI link) {
    return browser.submit(
        browser.open(link),
        "/login",
        Map.of("username", StandardsServer.USER, "password", StandardsServer.PASSWORD));
  }

  private static void connect(Installed installed, Node node, Browser browser) {
    HttpResponse<String> page = login(browser, installed.connectLink(node.adminPort(), KEY));
    assertThat(page.uri().getPath()).as(page.body()).startsWith("/callback/spring");
    installed.witness().await(KEY, Change.CONNECTED, 1);
  }

  private static void refresh(Installed installed, Node node) {
    refresh(installed, node, KEY);
  }

  private static void refresh(Installed installed, Node node, ConnectionKey key) {
    assertThat(installed.admin(node.adminPort(), "POST", key, "/refresh").statusCode())
        .isEqualTo(202);
    installed.witness().await(key, Change.REFRESHED, 1);
  }

  /** Presses the button of a grant that needs no consent page. */
  private static HttpResponse<String> begin(Browser browser, URI link) {
    HttpResponse<String> page = browser.open(link);
    assertThat(page.statusCode()).isEqualTo(200);
    HttpResponse<String> next = browser.press(link);
    assertThat(next.statusCode()).as(next.body()).isEqualTo(200);
    return next;
  }

  /** The address that our page names, the code in it. */
  private static URI showCode(Browser browser, Installed installed, Node node) {
    HttpResponse<String> page = begin(browser, installed.connectLink(node.adminPort(), KEY));
    String start = SERVER.uri("/oauth2/device_verification?user_code=").toString();
    int at = page.body().indexOf(start);
    assertThat(at).as(page.body()).isPositive();
    String address = page.body().substring(at, page.body().indexOf('"', at));
    assertThat(page.body()).contains("<p class=\"code\">" + address.substring(start.length()));
    return URI.create(address);
  }

  /** To the question of the server whether the device may. */
  private static HttpResponse<String> enterCode(Browser browser, URI verification) {
    HttpResponse<String> question = login(browser, verification);
    assertThat(question.body()).contains("Consent required");
    return question;
  }

  private static void decide(
      Browser browser, HttpResponse<String> question, Map<String, String> granted) {
    Map<String, String> fields = new LinkedHashMap<>(granted);
    for (String name : List.of("client_id", "state", "user_code")) {
      fields.put(name, Browser.field(question, name));
    }
    browser.submit(question, path(question.uri()), fields);
  }

  private static String path(URI uri) {
    return Objects.requireNonNull(uri.getPath());
  }

  private static List<String> names(URI uri) {
    return Arrays.stream(Objects.requireNonNull(uri.getRawQuery()).split("&"))
        .map(parameter -> parameter.substring(0, parameter.indexOf('=')))
        .toList();
  }

  private static TokenResponse tokens(CredentialUpdate update) {
    return update.open().orElseThrow();
  }

  private static String accessToken(CredentialUpdate update) {
    return tokens(update).accessToken().orElseThrow().reveal();
  }

  private static String refreshToken(Installed installed) {
    return tokens(installed.witness().updates(KEY).getLast()).refreshToken().orElseThrow().reveal();
  }

  private static Map<String, Object> claims(CredentialUpdate update) throws ParseException {
    return SignedJWT.parse(accessToken(update)).getJWTClaimsSet().getClaims();
  }

  private static Object boundTo(CredentialUpdate update) throws ParseException {
    Map<?, ?> confirmation = (Map<?, ?>) Objects.requireNonNull(claims(update).get("cnf"));
    return Objects.requireNonNull(confirmation.get("jkt"));
  }

  private static ECKey dpopKey(CredentialUpdate update) throws ParseException {
    Map<?, ?> ours = (Map<?, ?>) tokens(update).values().get(TokenResponse.OURS);
    return ECKey.parse((String) Objects.requireNonNull(ours).get("dpop_key"));
  }
}
