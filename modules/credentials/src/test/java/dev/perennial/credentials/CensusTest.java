package dev.perennial.credentials;

import static dev.perennial.credentials.RedisExtension.SHARDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Census;
import dev.perennial.domain.credential.Census.Count;
import dev.perennial.domain.credential.Failure.Kind;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All connections are counted, and every process can read the count. */
class CensusTest extends StoreFixture {
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

  private RedisCensuses censuses;

  @BeforeEach
  void census() {
    censuses = new RedisCensuses(redis, SHARDS, () -> now, System::nanoTime);
  }

  private Census take() {
    return censuses.take("google"::equals, _ -> true).orElseThrow();
  }

  private void connect(String key, Duration due, Duration end) {
    ConnectionKey connection = ConnectionKey.parse(key);
    IssuedTokens tokens =
        new IssuedTokens(
            sealed("t"), now.minusSeconds(60), now.plus(end), now.plus(due), "Bearer", null);
    store.put(connection, GRANT, "auth-" + key, tokens);
  }

  @Test
  void nothingIsThereBeforeTheFirst() {
    assertThat(censuses.latest()).isEmpty();
  }

  @Test
  void anEmptyStoreIsCountedToo() {
    assertThat(take().total()).isEqualTo(Count.NONE);
    assertThat(censuses.latest()).isPresent();
  }

  @Test
  void whatIsDueCountsByHowSoonItIs() {
    connect("google/overdue", Duration.ofSeconds(-7), Duration.ofHours(1));
    connect("google/minute", Duration.ofSeconds(60), Duration.ofHours(1));
    connect("google/five", Duration.ofMinutes(5), Duration.ofHours(1));
    connect("google/hour", Duration.ofHours(1), Duration.ofHours(2));
    connect("google/later", Duration.ofMinutes(61), Duration.ofHours(2));
    assertThat(take().integrations().get("google"))
        .isEqualTo(new Count(Map.of(Status.ACTIVE, 5L), 5, 5, 1, 2, 3, 4, now.minusSeconds(7)));
  }

  @Test
  void aTokenPastItsEndIsNotValid() {
    connect("google/late", Duration.ofHours(1), Duration.ZERO);
    connect("google/good", Duration.ofHours(1), Duration.ofMillis(1));
    Count count = take().total();
    assertThat(count.expected()).isEqualTo(2);
    assertThat(count.valid()).isEqualTo(1);
  }

  @Test
  void whatOnlyAConsentCanMendIsNotExpectedUnlessWeLostIt() {
    connected();
    failed(begun(begin(1, "a")), Kind.REFUSED);
    assertThat(take().total().of(Status.REAUTHORIZATION_REQUIRED)).isEqualTo(1);
    assertThat(take().total().expected()).isZero();

    redis.call(client -> client.hset(connectionHash(), "reason", "outcome_unknown"));
    assertThat(take().total().expected()).isEqualTo(1);
  }

  @Test
  void whatNoDefinitionNamesIsCountedAsOne() {
    connect("google/a", Duration.ofHours(1), Duration.ofHours(1));
    connect("gone/b", Duration.ofHours(1), Duration.ofHours(1));
    connect("away/c", Duration.ofHours(1), Duration.ofHours(1));
    assertThat(take().integrations()).containsOnlyKeys("google", Census.OTHER);
    assertThat(take().integrations().get(Census.OTHER)).extracting(Count::all).isEqualTo(2L);
  }

  @Test
  void everyProcessReadsWhatOneHasCounted() {
    connect("google/a", Duration.ofSeconds(-7), Duration.ofHours(1));
    connect("gone/b", Duration.ofHours(1), Duration.ofHours(1));
    Census taken = take();
    RedisCensuses elsewhere = new RedisCensuses(redis, SHARDS, () -> now, System::nanoTime);
    assertThat(elsewhere.latest())
        .contains(
            new Census(
                taken.takenAt(),
                taken.took().truncatedTo(ChronoUnit.MILLIS),
                taken.integrations()));
  }

  @Test
  void aCountOfManyPagesMayBeGivenUpAndLeavesTheOneBefore() {
    Census before = take();
    for (int i = 0; i < 3_000; i++) {
      connect("google/c" + i, Duration.ofHours(1), Duration.ofHours(1));
    }
    AtomicInteger rests = new AtomicInteger();
    assertThat(censuses.take("google"::equals, _ -> rests.incrementAndGet() < 2)).isEmpty();
    assertThat(rests).hasValue(2);
    assertThat(censuses.latest().orElseThrow().total()).isEqualTo(before.total());
    assertThat(take().total().all()).isEqualTo(3_000);
  }

  @Test
  void anotherFormatIsNone() {
    assertThat(CensusFormat.read("{\"format\":2}".getBytes(StandardCharsets.UTF_8))).isEmpty();
    assertThat(CensusFormat.read("no JSON".getBytes(StandardCharsets.UTF_8))).isEmpty();
  }

  @Test
  void theFormatIsAsItWasFirstWritten() {
    String golden =
        "{\"format\":1,\"taken_at\":1764331200000,\"took_ms\":812,\"integrations\":{\"google\":"
            + "{\"connections\":{\"active\":3},\"expected\":3,\"valid\":2,\"overdue\":1,\"due_1m\":1,"
            + "\"due_5m\":2,\"due_1h\":3,\"oldest_due\":1764331190000}}}";
    Census census =
        new Census(
            Instant.ofEpochMilli(1764331200000L),
            Duration.ofMillis(812),
            Map.of(
                "google",
                new Count(
                    Map.of(Status.ACTIVE, 3L),
                    3,
                    2,
                    1,
                    1,
                    2,
                    3,
                    Instant.ofEpochMilli(1764331190000L))));
    assertThat(CensusFormat.write(census)).asString().isEqualTo(golden);
    assertThat(CensusFormat.read(golden.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(Optional.of(census));
  }
}
