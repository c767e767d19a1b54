package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.hc.client5.http.DnsResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "198.18.0.1",
        "198.19.255.255",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "64:ff9b::a00:1",
        "64:ff9b:1::808:808",
        "64:1::808:808",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "fe80::1%1",
        "5f00::1",
        "2002:0a00:0001::1",
        "2001::1",
        "::10.0.0.1"
      })
  void refuses(String address) throws Exception {
    assertThat(AddressGuard.isPublic(InetAddress.getByName(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8.8.8.8",
        "172.15.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "192.169.0.1",
        "100.63.0.1",
        "100.128.0.1",
        "168.63.129.17",
        "198.17.0.1",
        "2a00:1450:4001:80b::200e",
        "2001:4860:4860::8888",
        "64:ff9b::808:808",
        "2002:0808:0808::1"
      })
  void allows(String address) throws Exception {
    assertThat(AddressGuard.isPublic(InetAddress.getByName(address))).isTrue();
  }

  @Test
  void connectsOnlyToWhatItJudged() throws Exception {
    AddressGuard guard = new AddressGuard(names("10.0.0.1", "8.8.8.8"), false);

    assertThat(guard.resolve("mixed.test")).containsExactly(InetAddress.getByName("8.8.8.8"));
    assertThatThrownBy(() -> new AddressGuard(names("10.0.0.1"), false).resolve("inner.test"))
        .isInstanceOf(AddressGuard.RefusedAddressException.class);
    assertThat(new AddressGuard(names("10.0.0.1"), true).resolve("inner.test")).hasSize(1);
  }

  private static DnsResolver names(String... addresses) {
    return new DnsResolver() {
      @Override
      public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] all = new InetAddress[addresses.length];
        for (int i = 0; i < all.length; i++) {
          all[i] = InetAddress.getByName(addresses[i]);
        }
        return all;
      }

      @Override
      public String resolveCanonicalHostname(String host) {
        return host;
      }
    };
  }
}
