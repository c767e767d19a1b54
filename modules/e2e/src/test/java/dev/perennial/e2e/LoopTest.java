package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.role.Node;
import dev.perennial.app.role.Role;
import dev.perennial.client.CredentialUpdate;
import dev.perennial.devstack.provider.Fault;
import dev.perennial.devstack.provider.ProviderProfile;
import dev.perennial.devstack.provider.ProviderProfile.Consent;
import dev.perennial.devstack.provider.ProviderSimulator;
import dev.perennial.devstack.provider.Rotation;
import dev.perennial.devstack.provider.SimulatedProvider;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.credential.TokenResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** From a consent to a token that stays fresh, on a real Kafka and a real Redis. */
@ExtendWith(ServersExtension.class)
class LoopTest {
  private static final Set<Role> ALL = EnumSet.allOf(Role.class);
  private static final Duration LIFE = Duration.ofSeconds(6);

  private final ProviderSimulator simulator =
      ProviderSimulator.start(
          profile("strict").build(),
          profile("other").build(),
          profile("denying").consent(Consent.DENIED).build(),
          profile("google").rotation(Rotation.NEVER).alias("/o/oauth2/v2/auth", "/token").build(),
          profile("directory").adminConsent("tenant-7").build());

  private static ProviderProfile.Builder profile(String name) {
    return ProviderProfile.named(name)
        .client(name + "-client", name + "-secret-4d1e")
        .accessTokenLife(LIFE);
  }

  @AfterEach
  void close() {
    simulator.close();
  }

  @Test
  void theGoogleDefinitionWorksUnchanged(Servers servers) throws IOException {
    ConnectionKey key = ConnectionKey.parse("google/acme");
    String definition = Files.readString(Path.of("../../integrations/google.json"));
    try (Installed installed =
            with(servers, "google", definition).address(hostsAt(simulator.baseUri())).build();
        Browser browser = new Browser()) {
      Node node = installed.node(ALL);
      assertThat(browser.open(installed.connectLink(node.adminPort(), key)).statusCode())
          .isEqualTo(200);
      installed.witness().await(key, Change.REFRESHED, 2);
      CredentialUpdate last = installed.witness().updates(key).getLast();
      assertThat(last.open().flatMap(TokenResponse::refreshToken)).isPresent();
    }
  }

  @Test
  void anAdminConsentWithoutACodeIsKeptFresh(Servers servers) {
    ConnectionKey key = ConnectionKey.parse("directory/acme");
    SimulatedProvider provider = simulator.provider("directory");
    String token =
        """
        {"url": "%s", "data": {"grant_type": "client_credentials", "client_id": "{{ CLIENT_ID }}",
         "client_secret": "{{ CLIENT_SECRET }}", "tenant": "{{ oauth.redirect_params.tenant }}"}}
        """
            .formatted(provider.tokenUri());
    String definition =
        """
        {"oauth": {"without_code": true,
          "authenticate_url": "%s?client_id={{CLIENT_ID}}&redirect_uri={{redirect_url}}",
          "access_token": %s, "refresh": %s}}
        """
            .formatted(provider.authorizeUri(), token, token);
    try (Installed installed = with(servers, "directory", definition).build();
        Browser browser = new Browser()) {
      Node node = installed.node(ALL);
      browser.open(installed.connectLink(node.adminPort(), key));
      installed.witness().await(key, Change.REFRESHED, 2);
      TokenResponse tokens = installed.witness().updates(key).getLast().open().orElseThrow();
      assertThat(tokens.values().get(TokenResponse.REDIRECT_PARAMETERS))
          .isEqualTo(Map.of("admin_consent", "True", "tenant", "tenant-7"));
    }
  }

  @Test
  void rotatedTokensStayFreshAndEachVersionIsPublishedInOrder(Servers servers) {
    ConnectionKey key = ConnectionKey.parse("strict/acme");
    try (Installed installed = simulated(servers, "strict").build();
        Browser browser = new Browser()) {
      Node node = installed.node(ALL);
      browser.open(installed.connectLink(node.adminPort(), key));
      installed.witness().await(key, Change.REFRESHED, 3);
    }
  }

  @Test
  void aSecondConsentWinsAndOneConnectionStaysOne(Servers servers) {
    ConnectionKey key = ConnectionKey.parse("strict/acme");
    try (Installed installed = simulated(servers, "strict").build();
        Browser browser = new Browser()) {
      Node node = installed.node(ALL);
      browser.open(installed.connectLink(node.adminPort(), key));
      installed.witness().await(key, Change.CONNECTED, 1);
      browser.open(installed.connectLink(node.adminPort(), key));
      installed.witness().await(key, Change.CONNECTED, 2);
      installed.witness().await(key, Change.REFRESHED, 1);
    }
  }

  @Test
  void aDeniedConsentIsAnEventWithItsReason(Servers servers) {
    ConnectionKey key = ConnectionKey.parse("denying/acme");
    try (Installed installed = simulated(servers, "denying").build();
        Browser browser = new Browser()) {
      Node node = installed.node(ALL);
      assertThat(browser.open(installed.connectLink(node.adminPort(), key)).body())
          .contains("declined");
      Await.until("a failed consent", () -> !installed.witness().failures().isEmpty());
      assertThat(installed.witness().failures())
          .singleElement()
          .satisfies(failed -> assertThat(failed.reason().code()).isEqualTo("declined"));
    }
  }

  @Test
  void anOutageOfTheProviderIsSaidOnceAndOvercome(Servers servers) {
    ConnectionKey key = ConnectionKey.parse("strict/acme");
    try (Installed installed = simulated(servers, "strict").build();
        Browser browser = new Browser()) {
      Node node = installed.node(ALL);
      browser.open(installed.connectLink(node.adminPort(), key));
      installed.witness().await(key, Change.CONNECTED, 1);
      simulator.provider("strict").failNext(2, Fault.status(503));
      installed.witness().await(key, Change.REFRESHED, 1);
      assertThat(installed.witness().count(key, Change.REFRESH_FAILED)).isEqualTo(1);
      assertThat(installed.witness().states(key).getLast().status()).isEqualTo(Status.ACTIVE);
    }
  }

  @Test
  void aRevokedGrantAsksForAConsentAndTheNewOneHelps(Servers servers) {
    ConnectionKey key = ConnectionKey.parse("strict/acme");
    try (Installed installed = simulated(servers, "strict").build();
        Browser browser = new Browser()) {
      Node node = installed.node(ALL);
      browser.open(installed.connectLink(node.adminPort(), key));
      installed.witness().await(key, Change.CONNECTED, 1);
      simulator.provider("strict").revokeAllGrants();
      installed.witness().await(key, state -> state.status() == Status.REAUTHORIZATION_REQUIRED);
      browser.open(installed.connectLink(node.adminPort(), key));
      installed.witness().await(key, Change.CONNECTED, 2);
      installed.witness().await(key, Change.REFRESHED, 1);
    }
  }

  @Test
  void aHangingProviderDoesNotHoldUpAnother(Servers servers) {
    ConnectionKey slow = ConnectionKey.parse("strict/slow");
    ConnectionKey quick = ConnectionKey.parse("other/quick");
    try (Installed installed =
            simulated(servers, "strict")
                .definition("other", Definitions.of(simulator.provider("other")))
                .variable("PERENNIAL_OTHER_CLIENT_ID", "other-client")
                .variable("PERENNIAL_OTHER_CLIENT_SECRET", "other-secret-4d1e")
                .flag("exchanger.per-integration", "1")
                .build();
        Browser browser = new Browser()) {
      Node node = installed.node(ALL);
      browser.open(installed.connectLink(node.adminPort(), slow));
      browser.open(installed.connectLink(node.adminPort(), quick));
      installed.witness().await(slow, Change.CONNECTED, 1);
      installed.witness().await(quick, Change.CONNECTED, 1);
      simulator.provider("strict").failNext(1, Fault.HANG);
      installed.witness().await(quick, Change.REFRESHED, 2);
      simulator.provider("strict").recover();
      for (CredentialState state : installed.witness().states(quick)) {
        assertThat(state.status()).isEqualTo(Status.ACTIVE);
      }
    }
  }

  private Installed.Builder simulated(Servers servers, String provider) {
    return with(servers, provider, Definitions.of(simulator.provider(provider)));
  }

  private Installed.Builder with(Servers servers, String slug, String definition) {
    String prefix = "PERENNIAL_" + slug.toUpperCase(Locale.ROOT);
    return Installed.on(servers)
        .judgedBy(simulator)
        .definition(slug, definition)
        .variable(prefix + "_CLIENT_ID", slug + "-client")
        .variable(prefix + "_CLIENT_SECRET", slug + "-secret-4d1e");
  }

  /** Another host, nothing else changed. */
  private static UnaryOperator<URI> hostsAt(URI server) {
    return uri ->
        URI.create(
            server + uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()));
  }
}
