package dev.perennial.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardsTest {
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789-";

  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(42);

  /** Kafka's own code is the judge: a shard is the partition its default partitioner chooses. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8, 63, 64, 16384})
  void a_connections_shard_is_its_kafka_partition(int count) {
    Shards shards = new Shards(count);
    for (int round = 0; round < 3_000; round++) {
      ConnectionKey key = new ConnectionKey("a" + text(62), "A" + text(127));
      byte[] bytes = key.toString().getBytes(StandardCharsets.UTF_8);
      assertThat(shards.of(key))
          .as("%s of %d", key, count)
          .isEqualTo(Utils.toPositive(Utils.murmur2(bytes)) % count);
    }
  }

  @Test
  void connections_spread_over_all_shards() {
    Shards shards = new Shards(64);
    assertThat(
            IntStream.range(0, 5_000)
                .mapToObj(n -> shards.of(new ConnectionKey("google", "c" + n)))
                .collect(Collectors.toSet()))
        .hasSize(64);
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 16385})
  void a_count_out_of_range_is_refused(int count) {
    assertThatThrownBy(() -> new Shards(count)).isInstanceOf(IllegalArgumentException.class);
  }

  private String text(int most) {
    return random
        .ints(random.nextInt(most + 1), 0, ALPHABET.length())
        .mapToObj(index -> ALPHABET.substring(index, index + 1))
        .collect(Collectors.joining());
  }
}
