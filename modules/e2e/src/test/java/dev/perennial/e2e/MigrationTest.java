package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.cli.Cli;
import dev.perennial.app.cli.Surroundings;
import dev.perennial.app.role.Node;
import dev.perennial.app.role.Role;
import dev.perennial.devstack.provider.ProviderProfile;
import dev.perennial.devstack.provider.ProviderSimulator;
import dev.perennial.devstack.provider.SimulatedProvider;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Change;
import dev.perennial.prove.guarantee.EveryCodeSettled;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.oauth2.client.JdbcOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tokens that another application was given, taken over by us at a provider that rotates them. */
@ExtendWith(ServersExtension.class)
class MigrationTest {
  private static final Set<Role> ALL = EnumSet.allOf(Role.class);
  private static final String CALLBACK = "http://localhost:9/login/oauth2/code/strict-login";
  private static final Pattern CODE = Pattern.compile("[?&]code=([^&]+)");
  private static final String SCHEMA =
      "org/springframework/security/oauth2/client/oauth2-client-schema.sql";

  private final ProviderSimulator simulator =
      ProviderSimulator.start(
          ProviderProfile.named("strict")
              .client("strict-client", "strict-secret-7a2c")
              .accessTokenLife(Duration.ofSeconds(24))
              .build());
  private final SimulatedProvider provider = simulator.provider("strict");

  @TempDir Path directory = Path.of("");

  @AfterEach
  void close() {
    simulator.close();
  }

  @Test
  void whatSpringSecurityKeepsIsTakenOverAndKeptFresh(Servers servers) throws Exception {
    Path rows = directory.resolve("rows.csv");
    ConnectionKey key = ConnectionKey.parse("strict/ada=20lovelace");
    try (Installed installed =
        Installed.on(servers)
            .judgedBy(simulator)
            .waive(EveryCodeSettled.class, "the other application redeemed the code")
            .definition("strict", Definitions.of(provider))
            .variable("PERENNIAL_STRICT_CLIENT_ID", "strict-client")
            .variable("PERENNIAL_STRICT_CLIENT_SECRET", "strict-secret-7a2c")
            .build()) {
      Node node = installed.node(ALL);
      Instant issuedAt = Instant.now();
      writtenBySpring(consent(), issuedAt, rows);

      assertThat(imported(node, rows)).startsWith("imported 1, ");

      installed.witness().await(key, Change.CONNECTED, 1);
      installed.witness().await(key, Change.REFRESHED, 2);
      // The tokens in the file are spent by now.
      assertThat(imported(node, rows)).startsWith("imported 0, unchanged 1, ");
      installed.witness().await(key, Change.REFRESHED, 4);
      installed.over();
    }
  }

  /** As the other application has got it, by a consent of its own. */
  private JsonNode consent() throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI link =
          URI.create(
              provider.authorizeUri()
                  + "?"
                  + form(
                      Map.of(
                          "response_type", "code",
                          "client_id", "strict-client",
                          "redirect_uri", CALLBACK,
                          "state", "s")));
      String back =
          client
              .send(HttpRequest.newBuilder(link).build(), BodyHandlers.ofString())
              .headers()
              .firstValue("Location")
              .orElseThrow();
      Matcher code = CODE.matcher(back);
      assertThat(code.find()).isTrue();
      HttpRequest redeem =
          HttpRequest.newBuilder(provider.tokenUri())
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      form(
                          Map.of(
                              "grant_type", "authorization_code",
                              "code", String.valueOf(code.group(1)),
                              "redirect_uri", CALLBACK,
                              "client_id", "strict-client",
                              "client_secret", "strict-secret-7a2c"))))
              .build();
      return JsonMapper.shared().readTree(client.send(redeem, BodyHandlers.ofString()).body());
    }
  }

  private static String form(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field ->
            field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  /** Spring's own service in its own schema; the export of docs/migration.md as H2 has it. */
  private void writtenBySpring(JsonNode tokens, Instant issuedAt, Path rows) {
    SingleConnectionDataSource database =
        new SingleConnectionDataSource("jdbc:h2:mem:migration", true);
    try {
      new ResourceDatabasePopulator(new ClassPathResource(SCHEMA)).execute(database);
      ClientRegistration registration =
          ClientRegistration.withRegistrationId("strict-login")
              .clientId("strict-client")
              .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
              .redirectUri(CALLBACK)
              .authorizationUri(provider.authorizeUri().toString())
              .tokenUri(provider.tokenUri().toString())
              .build();
      JdbcTemplate jdbc = new JdbcTemplate(database);
      new JdbcOAuth2AuthorizedClientService(
              jdbc, new InMemoryClientRegistrationRepository(registration))
          .saveAuthorizedClient(
              new OAuth2AuthorizedClient(
                  registration,
                  "ada lovelace",
                  new OAuth2AccessToken(
                      OAuth2AccessToken.TokenType.BEARER,
                      tokens.path("access_token").asString(),
                      issuedAt,
                      issuedAt.plusSeconds(tokens.path("expires_in").asInt()),
                      Set.of("mail.read", "mail.send")),
                  new OAuth2RefreshToken(tokens.path("refresh_token").asString(), issuedAt)),
              new TestingAuthenticationToken("ada lovelace", "", List.of()));
      jdbc.execute(
          """
          CALL CSVWRITE('%s', 'SELECT client_registration_id, principal_name, access_token_type,
            UTF8TOSTRING(access_token_value) AS access_token_value,
            access_token_issued_at, access_token_expires_at, access_token_scopes,
            UTF8TOSTRING(refresh_token_value) AS refresh_token_value
            FROM oauth2_authorized_client')
          """
              .formatted(rows));
    } finally {
      database.destroy();
    }
  }

  private String imported(Node node, Path rows) throws IOException {
    assertThat(Files.readString(rows)).contains("strict-login", "ada lovelace");
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Surroundings surroundings =
        new Surroundings(
            directory,
            Map.of(
                "PERENNIAL_ADMIN_TOKEN",
                Installed.ADMIN_TOKEN,
                "PERENNIAL_ADMIN_PORT",
                Integer.toString(node.adminPort())),
            new PrintWriter(out, true),
            new PrintWriter(err, true));
    int exit =
        Cli.create(surroundings, (_, _, _) -> 0)
            .execute(
                "connections",
                "import",
                rows.toString(),
                "--from",
                "spring",
                "--map",
                "strict-login=strict",
                "--zone",
                ZoneId.systemDefault().getId());
    assertThat(exit).as(err.toString()).isZero();
    assertThat(err.toString()).contains("strict/ada=20lovelace was 'ada lovelace'");
    return out.toString();
  }
}
