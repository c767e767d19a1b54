package dev.perennial.credentials;

import static dev.perennial.credentials.RedisExtension.SHARDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.definition.RateLimit;
import dev.perennial.domain.refresh.RateLimits;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A limit is kept by all who share Redis, in every window. */
@ExtendWith(RedisExtension.class)
class RedisRateLimitsTest {
  private static final ConnectionKey ACME = ConnectionKey.parse("zoho/acme");
  private static final ConnectionKey OTHER = ConnectionKey.parse("zoho/other");
  private static final String MILLIS =
      "local time = redis.call('TIME') return time[1] * 1000 + math.floor(time[2] / 1000)";
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SHORT = Duration.ofMillis(150);

  private final AtomicInteger permits = new AtomicInteger();
  private RedisConnections redis;
  private RedisRateLimits limits;
  private RedisRateLimits ofAnotherProcess;

  @BeforeEach
  void connect(RedisConnections redis) {
    this.redis = redis;
    limits = new RedisRateLimits(redis, SHARDS);
    ofAnotherProcess = new RedisRateLimits(redis, SHARDS);
  }

  @Test
  void as_many_as_there_are_and_then_a_wait_until_the_first_leaves_the_window() {
    RateLimit two = new RateLimit(2, LONG, false);
    assertThat(take(limits, ACME, two)).isZero();
    assertThat(take(ofAnotherProcess, OTHER, two)).isZero();
    assertThat(take(limits, ACME, two)).isPositive().isLessThanOrEqualTo(LONG.plus(two.underWay()));
    assertThat(take(ofAnotherProcess, ACME, two)).isPositive();
  }

  @Test
  void a_limit_per_connection_is_each_ones_own() {
    RateLimit one = new RateLimit(1, LONG, true);
    assertThat(take(limits, ACME, one)).isZero();
    assertThat(take(limits, OTHER, one)).isZero();
    assertThat(take(limits, ACME, one)).isPositive();
  }

  @Test
  void what_has_left_the_window_counts_no_more() {
    RateLimit one = new RateLimit(1, SHORT, false);
    assertThat(take(limits, ACME, one)).isZero();
    assertThat(take(limits, ACME, one))
        .isPositive()
        .isLessThanOrEqualTo(SHORT.plus(one.underWay()));
    assertThat(StoreFixture.await(() -> take(limits, ACME, one), Duration::isZero)).isZero();
  }

  @Test
  void a_request_may_be_under_way_for_a_while_and_is_still_within_the_limit() {
    RateLimit one = new RateLimit(1, LONG, false);
    long before = clock();
    take(limits, ACME, one);
    Duration wait = take(limits, ACME, one);
    assertThat(wait.toMillis() + clock())
        .isGreaterThanOrEqualTo(before + LONG.plus(one.underWay()).toMillis());
  }

  @Test
  void a_quarter_of_a_second_may_be_under_way_and_a_quarter_of_a_short_window() {
    assertThat(new RateLimit(1, LONG, false).underWay()).isEqualTo(Duration.ofMillis(250));
    assertThat(new RateLimit(1, Duration.ofMillis(100), false).underWay())
        .isEqualTo(Duration.ofMillis(25));
  }

  @Test
  void one_that_is_taken_again_counts_once_and_from_then_on() {
    RateLimit one = new RateLimit(1, LONG, false);
    assertThat(limits.take(ACME, one, "late")).isZero();
    long before = clock();
    assertThat(limits.take(ACME, one, "late")).isZero();
    Duration wait = take(limits, ACME, one);
    assertThat(wait.toMillis() + clock())
        .isGreaterThanOrEqualTo(before + LONG.plus(one.underWay()).toMillis());
    assertThat(limits.take(ACME, one, "late")).isZero();
  }

  @Test
  void a_request_that_was_not_let_through_does_not_count() {
    RateLimit one = new RateLimit(1, LONG, false);
    take(limits, ACME, one);
    Duration first = take(limits, ACME, one);
    assertThat(take(limits, ACME, one)).isLessThanOrEqualTo(first);
    long counted = redis.call(client -> client.zcard(redis.settings().prefix() + ":limit:zoho"));
    assertThat(counted).isEqualTo(1);
  }

  @Test
  void a_stricter_limit_waits_for_as_many_as_are_too_many() {
    RateLimit two = new RateLimit(2, LONG, false);
    take(limits, ACME, two);
    take(limits, ACME, two);
    RateLimit one = new RateLimit(1, LONG, false);
    assertThat(take(limits, ACME, one)).isPositive();
  }

  @Test
  void many_at_once_get_exactly_the_limit() throws Exception {
    RateLimit ten = new RateLimit(10, LONG, false);
    Callable<Duration> take = () -> take(limits, ACME, ten);
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Duration>> all = pool.invokeAll(Stream.generate(() -> take).limit(60).toList());
      long taken = 0;
      for (Future<Duration> one : all) {
        taken += one.get().isZero() ? 1 : 0;
      }
      assertThat(taken).isEqualTo(10);
    }
  }

  @Test
  void what_is_counted_is_forgotten_by_itself() {
    take(limits, ACME, new RateLimit(1, LONG, false));
    long left = redis.call(client -> client.pttl(redis.settings().prefix() + ":limit:zoho"));
    assertThat(left).isPositive().isLessThanOrEqualTo(LONG.plusSeconds(1).toMillis());
  }

  /** Redis's, in ms. */
  private long clock() {
    Object millis = redis.call(client -> client.eval(MILLIS));
    return (long) millis;
  }

  private Duration take(RateLimits from, ConnectionKey key, RateLimit limit) {
    return from.take(key, limit, "p" + permits.incrementAndGet());
  }
}
