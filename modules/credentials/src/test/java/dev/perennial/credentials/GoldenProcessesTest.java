package dev.perennial.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.credentials.ExchangerReport.Breaker;
import dev.perennial.credentials.ExchangerReport.Standing;
import dev.perennial.domain.credential.Census;
import dev.perennial.domain.credential.Census.Count;
import dev.perennial.domain.credential.Status;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What processes of neighbouring releases tell each other through Redis. */
@ExtendWith(RedisExtension.class)
class GoldenProcessesTest {
  @Test
  void the_census_of_the_first_format_is_read_and_written() throws IOException {
    byte[] golden = golden("census.v1.json");
    Count count =
        new Count(
            Map.of(Status.ACTIVE, 3L, Status.REFRESH_FAILING, 1L),
            4,
            3,
            1,
            1,
            2,
            4,
            Instant.parse("2026-03-01T11:59:50Z"));
    Census census =
        new Census(
            Instant.parse("2026-03-01T12:00:00Z"), Duration.ofMillis(812), Map.of("google", count));
    assertThat(CensusFormat.read(golden)).contains(census);
    assertThat(CensusFormat.read(CensusFormat.write(census))).contains(census);
  }

  /** The file's first number, when it was last heard of, is moved: else it would be gone. */
  @Test
  void what_an_earlier_release_says_of_its_keys_is_heard(RedisConnections redis)
      throws IOException {
    String golden = new String(golden("key-holder.v1.txt"), UTF_8).strip();
    String fresh = "9999999999999" + golden.substring(golden.indexOf(' '));
    String hash = new Keys(redis.settings().prefix(), RedisExtension.SHARDS).keyHolders();
    redis.call(client -> client.hset(hash, "host-1-a", fresh));

    assertThat(new RedisKeyHolders(redis, RedisExtension.SHARDS).known().holders())
        .contains(
            new KeyHolder(
                "host-1-a",
                "exchanger,scheduler",
                List.of(2_099_095_722L, 3_000_000_007L),
                2_099_095_722L,
                true,
                Instant.parse("2026-03-01T12:00:00Z")));
  }

  @Test
  void how_an_exchanger_of_an_earlier_release_stands_is_heard(RedisConnections redis)
      throws IOException {
    String golden = new String(golden("exchanger.v1.txt"), UTF_8).strip();
    String fresh = "9999999999999" + golden.substring(golden.indexOf(' '));
    String hash = new Keys(redis.settings().prefix(), RedisExtension.SHARDS).exchangers();
    redis.call(client -> client.hset(hash, "host-1-a", fresh));

    assertThat(new RedisExchangerReports(redis, RedisExtension.SHARDS).known())
        .contains(
            new ExchangerReport(
                "host-1-a",
                512,
                Map.of(
                    "hubspot", new Standing(Breaker.HALF_OPEN, 2),
                    "slack", new Standing(Breaker.OPEN, 0),
                    "xero", new Standing(Breaker.CLOSED, 12))));
  }

  private static byte[] golden(String name) throws IOException {
    try (InputStream file =
        GoldenProcessesTest.class.getResourceAsStream("/golden/processes/" + name)) {
      return Objects.requireNonNull(file, name).readAllBytes();
    }
  }
}
