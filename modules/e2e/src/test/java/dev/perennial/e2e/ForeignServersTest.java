package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.role.Node;
import dev.perennial.app.role.Role;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.TokenResponse;
import java.net.http.HttpResponse;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Authorization servers that nobody here wrote. */
@ExtendWith(ServersExtension.class)
class ForeignServersTest {
  private static final Set<Role> ALL = EnumSet.allOf(Role.class);

  private static final String SHORT_LIVES =
      """
      {"tokenCallbacks": [{"issuerId": "acme", "tokenExpiry": 6, "requestMappings": []}]}
      """;

  @Test
  void mockOauth2ServerIsKeptFresh(Servers servers) {
    ConnectionKey key = ConnectionKey.parse("mock/acme");
    MockOAuth2Server server = new MockOAuth2Server(OAuth2Config.Companion.fromJson(SHORT_LIVES));
    server.start();
    String definition =
        Definitions.of(
            server.authorizationEndpointUrl("acme").uri(),
            server.tokenEndpointUrl("acme").uri(),
            "openid%20offline_access");
    try (Installed installed =
            Installed.on(servers)
                .definition("mock", definition)
                .variable("PERENNIAL_MOCK_CLIENT_ID", "mock-client")
                .variable("PERENNIAL_MOCK_CLIENT_SECRET", "mock-secret")
                .build();
        Browser browser = new Browser()) {
      Node node = installed.node(ALL);
      assertThat(browser.open(installed.connectLink(node.adminPort(), key)).statusCode())
          .isEqualTo(200);
      installed.witness().await(key, Change.REFRESHED, 1);
    } finally {
      server.shutdown();
    }
  }

  @Test
  void springAuthorizationServerWithRotationIsKeptFresh(Servers servers) {
    ConnectionKey key = ConnectionKey.parse("spring/acme");
    Installed.Builder builder = Installed.on(servers);
    try (SpringAuthorizationServer server =
            SpringAuthorizationServer.start(builder.redirectUrl("spring"), "6s");
        Installed installed =
            builder
                .definition(
                    "spring",
                    Definitions.of(
                        server.uri("/oauth2/authorize"), server.uri("/oauth2/token"), "mail.read"))
                .variable("PERENNIAL_SPRING_CLIENT_ID", SpringAuthorizationServer.CLIENT_ID)
                .variable("PERENNIAL_SPRING_CLIENT_SECRET", SpringAuthorizationServer.CLIENT_SECRET)
                .build();
        Browser browser = new Browser()) {
      Node node = installed.node(ALL);
      HttpResponse<String> page =
          SpringAuthorizationServer.consent(browser, installed.connectLink(node.adminPort(), key));
      assertThat(page.uri().getPath()).as(page.body()).startsWith("/callback/spring");
      installed.witness().await(key, Change.REFRESHED, 3);
      Set<String> refreshTokens = new HashSet<>();
      installed
          .witness()
          .updates(key)
          .forEach(update ->
              update
                  .open()
                  .flatMap(TokenResponse::refreshToken)
                  .ifPresent(token -> refreshTokens.add(token.reveal())));
      assertThat(refreshTokens).as("the server rotates").hasSizeGreaterThanOrEqualTo(4);
    }
  }
}
