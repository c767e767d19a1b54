package dev.perennial.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.credentials.ExchangerReport.Breaker;
import dev.perennial.credentials.ExchangerReport.Standing;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How exchangers stand, as it is said and forgotten. */
@ExtendWith(RedisExtension.class)
class ExchangerReportsTest {
  private RedisConnections redis;
  private RedisExchangerReports reports;

  @BeforeEach
  void connect(RedisConnections given) {
    redis = given;
    reports = new RedisExchangerReports(redis, RedisExtension.SHARDS);
    redis.call(client -> client.del(hash()));
  }

  private String hash() {
    return redis.settings().prefix() + ":exchangers";
  }

  private void set(String field, String value) {
    redis.call(client -> client.hset(hash(), field, value));
  }

  @Test
  void whatIsSaidIsKnownUntilItsExchangerEnds() {
    ExchangerReport b =
        new ExchangerReport(
            "b",
            512,
            Map.of(
                "google", new Standing(Breaker.OPEN, 0),
                "git-hub", new Standing(Breaker.HALF_OPEN, 2)));
    ExchangerReport a = new ExchangerReport("a", 10, Map.of());
    reports.say(b);
    reports.say(a);
    assertThat(reports.known()).containsExactly(a, b);
    reports.leave("b");
    assertThat(reports.known()).containsExactly(a);
    long left = redis.call(client -> client.pttl(hash()));
    assertThat(left).isBetween(1L, 2 * RedisExchangerReports.KEEP.toMillis());
  }

  @Test
  void whoWasNotHeardOfLatelyIsGoneAndWhatIsNoReportIsPassedOver() {
    reports.say(new ExchangerReport("a", 10, Map.of()));
    long old = System.currentTimeMillis() - RedisExchangerReports.KEEP.toMillis() - 5_000;
    set("old", old + " " + old + " 10 x=open:1");
    set("newer", System.currentTimeMillis() + " 1 {json}");
    set("worded", System.currentTimeMillis() + " 1 ten x=open:1");
    assertThat(reports.known()).extracting(ExchangerReport::process).containsExactly("a");
  }

  @Test
  void aFieldIsBoundedWhenItIsSaidAndWhenItIsRead() {
    Map<String, Standing> many = new HashMap<>();
    for (int i = 0; i < 2 * RedisExchangerReports.MOST; i++) {
      many.put("i" + i, new Standing(Breaker.CLOSED, 1));
    }
    reports.say(new ExchangerReport("a", 10, many));
    String said = redis.call(client -> client.hget(hash(), "a"));
    assertThat(said.split("=", -1)).hasSize(RedisExchangerReports.MOST + 1);

    set("a", said + ",one-more=open:1");
    List<ExchangerReport> known = reports.known();
    assertThat(known.getFirst().integrations())
        .hasSize(RedisExchangerReports.MOST)
        .doesNotContainKey("one-more");
  }
}
