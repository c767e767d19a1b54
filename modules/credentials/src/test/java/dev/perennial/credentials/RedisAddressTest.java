package dev.perennial.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.credentials.RedisAddress.Kind;
import dev.perennial.domain.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisAddressTest {

  @Test
  void oneServer() {
    RedisAddress address = RedisAddress.parse("redis://user:p%40s+s@redis.example.com/3");
    assertThat(address.kind()).isEqualTo(Kind.SINGLE);
    assertThat(address.tls()).isFalse();
    assertThat(address.hosts()).isEqualTo("redis.example.com:6379");
    assertThat(address.user()).isEqualTo("user");
    assertThat(address.password()).isEqualTo(Secret.of("p@s+s"));
    assertThat(address.database()).isEqualTo(3);
  }

  @Test
  void sentinels() {
    RedisAddress address =
        RedisAddress.parse("rediss-sentinel://:word@a,b:5000/2?master=my-master");
    assertThat(address.kind()).isEqualTo(Kind.SENTINEL);
    assertThat(address.tls()).isTrue();
    assertThat(address.hosts()).isEqualTo("a:26379,b:5000");
    assertThat(address.master()).isEqualTo("my-master");
    assertThat(address.user()).isNull();
    assertThat(address.password()).isEqualTo(Secret.of("word"));
    assertThat(address.database()).isEqualTo(2);
  }

  @Test
  void aCluster() {
    RedisAddress address = RedisAddress.parse("redis-cluster://[::1]:7000,10.0.0.2");
    assertThat(address.kind()).isEqualTo(Kind.CLUSTER);
    assertThat(address.nodes().getFirst().getHost()).isEqualTo("::1");
    assertThat(address.hosts()).endsWith("10.0.0.2:6379");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "redis://user:planted@a | redis://a:6379",
        "rediss-sentinel://user:planted@a,b?master=m | rediss-sentinel://a:26379,b:26379?master=m",
        "redis-cluster://user:planted@a,b:1 | redis-cluster://a:6379,b:1",
      })
  void neitherUserNorPasswordIsPrinted(String text, String printed) {
    assertThat(RedisAddress.parse(text)).hasToString(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "redis//planted:planted@host | expected redis://",
        "redis:///3 | expected redis://",
        "https://planted | expected redis://",
        "redis://host/x | expected redis://",
        "redis://host?master=m | ends in ?master=name",
        "redis-sentinel://a,b | ends in ?master=name",
        "redis-cluster://a,b/1 | no databases",
        "redis://a,b | several hosts",
        "redis-cluster://a,,b | separated by commas",
        "redis://a:0 | a port is",
        "redis://a:70000 | a port is",
        "redis://planted@a | a user without a password",
        "redis://planted:%zz@a | percent-encoded",
      })
  void whatIsNoneIsRefusedWithoutRepeatingIt(String text, String why) {
    assertThatThrownBy(() -> RedisAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("planted")
        .hasMessageNotContaining("%zz");
  }
}
