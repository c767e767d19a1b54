package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.apache.hc.client5.http.DnsResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TimedNamesTest {
  private final CountDownLatch answer = new CountDownLatch(1);

  private final DnsResolver names =
      new DnsResolver() {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
          if (host.equals("hangs.example")) {
            hang();
          }
          if (host.equals("unknown.example")) {
            throw new UnknownHostException(host);
          }
          return new InetAddress[] {InetAddress.getLoopbackAddress()};
        }

        @Override
        public String resolveCanonicalHostname(String host) {
          return host;
        }
      };

  @AfterEach
  void end() {
    answer.countDown();
  }

  @Test
  void aLookupThatHangsEndsInTime() {
    TimedNames timed = new TimedNames(names, Duration.ofMillis(50), 10);
    assertThatThrownBy(() -> timed.resolve("hangs.example"))
        .isInstanceOf(TimedNames.SlowLookupException.class)
        .hasMessage("host lookup timed out");
  }

  @Test
  void othersGoOnUnlessTooManyHang() throws Exception {
    TimedNames timed = new TimedNames(names, Duration.ofMillis(50), 2);
    assertThatThrownBy(() -> timed.resolve("hangs.example")).hasMessage("host lookup timed out");
    assertThat(timed.resolve("a.example")).hasSize(1);
    assertThatThrownBy(() -> timed.resolve("hangs.example")).hasMessage("host lookup timed out");
    assertThatThrownBy(() -> timed.resolve("a.example")).hasMessage("too many host lookups hang");
  }

  @Test
  void anAnswerIsTheResolvers() throws Exception {
    TimedNames timed = new TimedNames(names, Duration.ofSeconds(10), 2);
    assertThat(timed.resolve("a.example")).containsExactly(InetAddress.getLoopbackAddress());
    assertThatThrownBy(() -> timed.resolve("unknown.example"))
        .isInstanceOf(UnknownHostException.class)
        .isNotInstanceOf(TimedNames.SlowLookupException.class);
  }

  private void hang() {
    try {
      answer.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
