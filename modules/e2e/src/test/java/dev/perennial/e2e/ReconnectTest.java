package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.role.Node;
import dev.perennial.app.role.Role;
import dev.perennial.devstack.provider.ProviderProfile;
import dev.perennial.devstack.provider.ProviderProfile.Consent;
import dev.perennial.devstack.provider.ProviderSimulator;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Status;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** A new consent for a connection that works: what there is stays until the new one is there. */
@ExtendWith(ServersExtension.class)
class ReconnectTest {
  private static final ConnectionKey KEY = ConnectionKey.parse("asking/acme");

  private final ProviderSimulator simulator =
      ProviderSimulator.start(
          ProviderProfile.named("asking")
              .client("asking-client", "asking-secret-4d1e")
              .consent(Consent.PAGE)
              .accessTokenLife(Duration.ofSeconds(6))
              .build());

  @AfterEach
  void close() {
    simulator.close();
  }

  @Test
  void theOldCredentialIsKeptFreshUntilANewConsentSucceeds(Servers servers) {
    try (Installed installed =
            Installed.on(servers)
                .judgedBy(simulator)
                .definition("asking", Definitions.of(simulator.provider("asking")))
                .variable("PERENNIAL_ASKING_CLIENT_ID", "asking-client")
                .variable("PERENNIAL_ASKING_CLIENT_SECRET", "asking-secret-4d1e")
                .build();
        Browser browser = new Browser()) {
      Node node = installed.node(EnumSet.allOf(Role.class));
      try (AdminApi api = new AdminApi(node.adminPort())) {
        browser.open(allowed(browser.step(link(session(api)))));
        CredentialState first =
            installed.witness().await(KEY, state -> state.change() == Change.CONNECTED).state();

        JsonNode open = session(api);
        URI consent = browser.step(link(open));
        assertStaysFresh(installed, api, first);
        assertThat(status(api, open)).isEqualTo("started");

        browser.open(URI.create(consent + "&sim_decision=deny"));
        assertThat(status(api, open)).isEqualTo("failed");
        assertStaysFresh(installed, api, first);

        JsonNode failing = session(api);
        browser.open(withAWrongCode(installed, browser.step(link(failing))));
        Await.until("the exchange has failed", () -> status(api, failing).equals("failed"));
        assertThat(api.session(failing.path("id").asString()).path("reason").asString())
            .isEqualTo("refused");
        assertStaysFresh(installed, api, first);

        JsonNode good = session(api);
        browser.open(allowed(browser.step(link(good))));
        CredentialState second =
            installed.witness().await(KEY, state -> state.grant() > first.grant()).state();
        assertThat(second.change()).isEqualTo(Change.CONNECTED);
        Await.until("the session knows", () -> status(api, good).equals("connected"));
        assertStaysFresh(installed, api, second);
      }
    }
  }

  /** It is refreshed once more under the same grant, and its token is served. */
  private static void assertStaysFresh(Installed installed, AdminApi api, CredentialState grant) {
    long refreshed = refreshed(installed, grant);
    Await.until("another refresh of the grant", () -> refreshed(installed, grant) > refreshed);
    CredentialState last = installed.witness().states(KEY).getLast();
    assertThat(last.grant()).isEqualTo(grant.grant());
    assertThat(last.status()).isEqualTo(Status.ACTIVE);
    assertThat(api.credentials(KEY).path("access_token").asString()).isNotEmpty();
  }

  private static long refreshed(Installed installed, CredentialState grant) {
    return installed.witness().states(KEY).stream()
        .filter(state -> state.grant() == grant.grant() && state.change() == Change.REFRESHED)
        .count();
  }

  private static JsonNode session(AdminApi api) {
    return api.newSession(Map.of("integration", "asking", "connection", "acme"));
  }

  private static URI link(JsonNode session) {
    return URI.create(session.path("connect_url").asString());
  }

  private static String status(AdminApi api, JsonNode session) {
    return api.session(session.path("id").asString()).path("status").asString();
  }

  private static URI allowed(URI consent) {
    return URI.create(consent + "&sim_decision=allow");
  }

  private static URI withAWrongCode(Installed installed, URI consent) {
    String state = String.valueOf(consent.getRawQuery()).replaceAll(".*(state=[^&]*).*", "$1");
    return URI.create(installed.redirectUrl("asking") + "?code=never-given-out&" + state);
  }
}
