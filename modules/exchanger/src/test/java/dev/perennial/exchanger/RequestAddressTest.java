package dev.perennial.exchanger;

import static dev.perennial.exchanger.TestRequests.post;
import static dev.perennial.exchanger.TestRequests.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.exchanger.Exchange.NotSent;
import dev.perennial.exchanger.TokenEndpoint.Connection;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However an address is written, this machine and this network are not reached. */
@Timeout(20)
class RequestAddressTest {
  /** Would be found by whoever reaches loopback. */
  private final WireServer here = new WireServer(WireServer.Peer::read);

  private final TokenEndpoint endpoint = TestRequests.endpoint(ExchangerSettings.DEFAULT);

  @AfterEach
  void close() throws IOException {
    endpoint.close();
    here.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1:PORT/",
        "https://127.0.0.1.:PORT/",
        "https://127.1:PORT/",
        "https://2130706433:PORT/",
        "https://0x7f000001:PORT/",
        "https://0x7f.0.0.1:PORT/",
        "https://0177.0.0.1:PORT/",
        "https://017700000001:PORT/",
        "https://127.000.000.001:PORT/",
        "https://0:PORT/",
        "https://0.0.0.0:PORT/",
        "https://localhost:PORT/",
        "https://localhost.:PORT/",
        "https://LOCALHOST:PORT/",
        "https://user:s3cret@127.0.0.1:PORT/",
        "https://user:s3cret@2130706433:PORT/",
        "https://a.test@localhost:PORT/",
        "https://[::1]:PORT/",
        "https://[0:0:0:0:0:0:0:1]:PORT/",
        "https://[::]:PORT/",
        "https://[::127.0.0.1]:PORT/",
        "https://[::ffff:127.0.0.1]:PORT/",
        "https://[::ffff:7f00:1]:PORT/",
        "https://[64:ff9b::7f00:1]:PORT/",
        "https://[fe80::1%25lo]:PORT/",
        "https://[fe80::1%25eth0]:PORT/",
        "https://[::1%25lo]:PORT/",
        "https://169.254.169.254/latest/meta-data/",
        "https://2852039166/",
        "https://0xa9fea9fe/",
        "https://[::ffff:a9fe:a9fe]/",
        "https://[fd00:ec2::254]/",
        "https://10.0.0.1/",
        "https://\u2460\u2461\u2466.0.0.1:PORT/",
        "https://\uff11\uff12\uff17.0.0.1:PORT/",
        "https://127\u30020\u30020\u30021:PORT/",
        "https://localhost%2e:PORT/",
        "https://127.0.0.1%00.a.test:PORT/",
        "https://127.0.0.1:99999/",
        "https://:PORT/",
        "https:///token",
        "https:127.0.0.1",
        "//127.0.0.1:PORT/",
        "/token",
        "http://127.0.0.1:PORT/",
        "ftp://127.0.0.1:PORT/",
        "file:///etc/hostname",
        "unix:///var/run/docker.sock",
        "jar:https://127.0.0.1:PORT/x!/y"
      })
  void isNotSent(String url) throws Exception {
    URI uri = URI.create(url.replace("PORT", String.valueOf(here.https("/").getPort())));

    Exchange exchange =
        endpoint.send(
            post(uri, "x=y"), within(Duration.ofSeconds(10)), Connection.FRESH, () -> true);

    assertThat(exchange)
        .isInstanceOfSatisfying(
            NotSent.class,
            not ->
                assertThat(not.detail())
                    .hasSizeLessThan(100)
                    .doesNotContain("s3cret", "Exception"));
    assertThat(here.peers()).isEmpty();
  }
}
