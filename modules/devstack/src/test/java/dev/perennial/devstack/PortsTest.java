package dev.perennial.devstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortsTest {
  @Test
  void thePreferredPortIsTakenWhereItIsFree() {
    int free = Ports.free(0);

    assertThat(Ports.free(free)).isEqualTo(free);
  }

  @Test
  void aPortInUseGivesTheNextFreeOneAbove() throws IOException {
    int taken = Ports.free(0);
    try (ServerSocket holder = new ServerSocket()) {
      holder.bind(new InetSocketAddress(Ports.loopback(), taken));

      assertThat(Ports.isFree(taken)).isFalse();
      assertThat(Ports.free(taken)).isBetween(taken + 1, taken + 100);
    }
  }

  @Test
  void whatIsNotAPortIsRefused() {
    assertThatThrownBy(() -> Ports.free(65_536)).hasMessageContaining("65536");
    assertThatThrownBy(() -> Ports.free(-1)).hasMessageContaining("-1");
  }
}
