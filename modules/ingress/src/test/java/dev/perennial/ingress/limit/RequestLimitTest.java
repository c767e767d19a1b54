package dev.perennial.ingress.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.ingress.limit.Clients.Header;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestLimitTest {
  private static final List<AddressRange> PROXIES =
      List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("2001:db8:1::/48"));

  private final AtomicLong nanos = new AtomicLong();

  @Test
  void aClientMayAskSoMuchAndOthersGoOn() {
    RequestLimit limit = new RequestLimit(plain(), 2, 0, nanos::get);
    assertThat(admitted(limit, "192.0.2.1", 20)).isEqualTo(8);
    assertThat(admitted(limit, "192.0.2.2", 20)).isEqualTo(8);
    nanos.addAndGet(1_000_000_000);
    assertThat(admitted(limit, "192.0.2.1", 20)).isEqualTo(2);
  }

  @Test
  void aSiteOfIpv6IsOneClient() {
    RequestLimit limit = new RequestLimit(plain(), 1, 0, nanos::get);
    assertThat(admitted(limit, "2001:db8::1", 4)).isEqualTo(4);
    assertThat(admitted(limit, "2001:db8::ffff:2", 4)).isZero();
    assertThat(admitted(limit, "2001:db8:0:1::1", 4)).isEqualTo(4);
  }

  @Test
  void whatOneIsRefusedTakesNothingFromAll() {
    RequestLimit limit = new RequestLimit(plain(), 1, 2, nanos::get);
    assertThat(admitted(limit, "192.0.2.1", 100)).isEqualTo(4);
    assertThat(admitted(limit, "192.0.2.2", 100)).isEqualTo(4);
    assertThat(admitted(limit, "192.0.2.3", 100)).as("eight of all").isZero();
  }

  @Test
  void manyClientsAreForgottenRatherThanKept() {
    RequestLimit limit = new RequestLimit(plain(), 1, 0, nanos::get);
    assertThat(admitted(limit, "192.0.2.1", 10)).isEqualTo(4);
    for (int i = 0; i < RequestLimit.CLIENTS; i++) {
      limit.admits(address("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255)), List.of());
    }
    assertThat(admitted(limit, "192.0.2.1", 10)).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.9 | 198.51.100.1                       | 192.0.2.9",
        "10.0.0.1  | 198.51.100.1                       | 198.51.100.1",
        "10.0.0.1  | 203.0.113.66, 198.51.100.1         | 198.51.100.1",
        "10.0.0.1  | 203.0.113.66, 198.51.100.1, 10.2.0.1 | 198.51.100.1",
        "10.0.0.1  | 198.51.100.1:4711                  | 198.51.100.1",
        "10.0.0.1  | [2001:db8::7]:4711                 | 2001:db8:0:0:0:0:0:7",
        "10.0.0.1  | 198.51.100.1, nonsense             | 10.0.0.1",
        "10.0.0.1  | 198.51.100.1, nonsense, 10.0.0.2   | 10.0.0.2",
        "10.0.0.1  | 10.9.9.9                           | 10.9.9.9",
        "10.0.0.1  | example.com                        | 10.0.0.1",
        "10.0.0.1  | ::ffff:198.51.100.1                | 198.51.100.1"
      })
  void whomAProxySpeaksForIsReadFromTheRight(String peer, String header, String client) {
    assertThat(
            new Clients(PROXIES, Header.X_FORWARDED_FOR)
                .client(address(peer), List.of(header))
                .getHostAddress())
        .isEqualTo(client);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '!',
      value = {
        "for=198.51.100.1                                     | 198.51.100.1",
        "For=\"[2001:db8::7]:4711\"; proto=https              | 2001:db8:0:0:0:0:0:7",
        "for=203.0.113.66, by=10.0.0.2;for=198.51.100.1       | 198.51.100.1",
        "for=\"a,for=203.0.113.66\", for=198.51.100.1         | 198.51.100.1",
        "for=198.51.100.1, for=_hidden                        | 10.0.0.1",
        "for=198.51.100.1, for=unknown, for=10.0.0.3          | 10.0.0.3",
        "for=198.51.100.1, proto=https                        | 10.0.0.1"
      })
  void theStandardHeaderIsReadTheSameWay(String header, String client) {
    assertThat(
            new Clients(PROXIES, Header.FORWARDED)
                .client(address("10.0.0.1"), List.of(header))
                .getHostAddress())
        .isEqualTo(client);
  }

  @Test
  void severalLinesAreOneList() {
    assertThat(
            new Clients(PROXIES, Header.X_FORWARDED_FOR)
                .client(address("10.0.0.1"), List.of("203.0.113.66", "198.51.100.1"))
                .getHostAddress())
        .isEqualTo("198.51.100.1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10.0.0.0/33", "10.0.0.0/x", "example.com", "10.0.0.0/-1", "::/129"})
  void whatIsNoRangeIsRefused(String text) {
    assertThatThrownBy(() -> AddressRange.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  private static Clients plain() {
    return new Clients(List.of(), Header.X_FORWARDED_FOR);
  }

  private static long admitted(RequestLimit limit, String from, int times) {
    return IntStream.range(0, times).filter(_ -> limit.admits(address(from), List.of())).count();
  }

  private static InetAddress address(String text) {
    return InetAddress.ofLiteral(text);
  }
}
