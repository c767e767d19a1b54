package dev.perennial.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IngressSettingsTest {
  private static IngressSettings at(String publicUrl) {
    return IngressSettings.of(URI.create(publicUrl), false);
  }

  private static IngressSettings returningTo(String origin) {
    return new IngressSettings(
        URI.create("https://connect.example.com"),
        false,
        Set.of(origin),
        IngressSettings.STATE_VALID,
        IngressSettings.HOLD);
  }

  @Test
  void theCallbackAddressOfAnIntegrationIsStable() {
    for (String url : new String[] {"https://c.example.com", "https://C.example.com:443/"}) {
      assertThat(at(url).redirectUrl("google")).isEqualTo("https://c.example.com/callback/google");
    }
  }

  @Test
  void aPrefixOfAProxyStandsBeforeEveryPath() {
    IngressSettings settings = at("https://example.com/oauth/");

    assertThat(settings.redirectUrl("google"))
        .isEqualTo("https://example.com/oauth/callback/google");
    assertThat(settings.path("/connect/google")).isEqualTo("/oauth/connect/google");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:8080",
        "http://127.0.0.1",
        "http://[::1]:8080",
        "http://a.localhost"
      })
  void plainHttpServesThisMachineOnly(String url) {
    assertThat(at(url).secure()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://connect.example.com",
        "http://127.0.0.1.example.com",
        "ftp://localhost",
        "https://user@example.com",
        "https://example.com/?a=b",
        "/connect"
      })
  void refusesAnotherPublicUrl(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> at(url))
        .withMessageContaining("public url");
  }

  @Test
  void writesOriginsOneWay() {
    assertThat(returningTo("https://App.Example.com:443/").returnOrigins())
        .containsExactly("https://app.example.com");
  }

  @ParameterizedTest
  @ValueSource(strings = {"app.example.com", "https://app.example.com/x", "https://*", "null", "*"})
  void refusesWhatIsNoOrigin(String origin) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> returningTo(origin))
        .withMessageContaining("return origins");
  }

  @Test
  void refusesADurationThatIsNotAboveZero() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new IngressSettings(
                URI.create("https://c.example.com"),
                false,
                Set.of(),
                Duration.ZERO,
                IngressSettings.HOLD))
        .withMessageContaining("state valid");
  }
}
