package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ExchangerSettingsTest {
  @Test
  void defaultsAreFitForProduction() {
    assertThat(ExchangerSettings.DEFAULT)
        .isEqualTo(
            new ExchangerSettings(
                4096,
                512,
                Duration.ofSeconds(5),
                1 << 20,
                200,
                16 << 10,
                Duration.ofSeconds(10),
                false,
                "Perennial",
                null));
  }

  @Test
  void aDevelopmentStackMayAskThisMachine() {
    ExchangerSettings settings = ExchangerSettings.DEFAULT.withPrivateAddresses("exchanger-1");

    assertThat(settings.allowPrivateAddresses()).isTrue();
    assertThat(settings.workerHeader()).isEqualTo("exchanger-1");
  }

  @Test
  void whatIsOutOfRangeIsNamed() {
    assertRefused("maxConnections", 0, 512, Duration.ofSeconds(5), "Perennial");
    assertRefused("inFlightPerIntegration", 1, 0, Duration.ofSeconds(5), "Perennial");
    assertRefused("connectTimeout", 1, 1, Duration.ZERO, "Perennial");
    assertRefused("userAgent", 1, 1, Duration.ofSeconds(5), "Perennial\r\nX: y");
  }

  private static void assertRefused(
      String name, int connections, int inFlight, Duration connect, String agent) {
    assertThatThrownBy(() ->
            new ExchangerSettings(
                connections,
                inFlight,
                connect,
                1,
                1,
                64,
                Duration.ofSeconds(1),
                false,
                agent,
                null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(name);
  }
}
