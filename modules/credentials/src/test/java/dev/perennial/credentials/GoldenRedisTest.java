package dev.perennial.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What an earlier release left in Redis is gone on with by this one: a rolling upgrade, and a
 * rollback. The files were written by the releases themselves ({@code -Dperennial.golden.record}
 * writes those that are not there) and are never edited; a change of the format brings new ones.
 */
class GoldenRedisTest extends GoldenFixture {
  @ParameterizedTest
  @EnumSource
  void what_the_first_release_left_is_gone_on_with(Left left) throws IOException {
    if (Boolean.getBoolean("perennial.golden.record")) {
      left.leave(this);
      golden.record(left.file());
    }
    golden.load(left.file());
    left.goOn(this);
  }

  /** The fields that a rollback meets too: an old script reads them and leaves others alone. */
  @Test
  void what_this_release_leaves_has_every_field_that_the_first_one_reads() {
    for (Left left : Left.values()) {
      golden.load(left.file());
      Map<String, String> before = redis.call(client -> client.hgetAll(connectionHash()));
      golden.load("shard-count.v1.json");
      RedisExtension.heal(redis);
      left.leave(this);
      assertThat(redis.call(client -> client.hgetAll(connectionHash())).keySet())
          .as(left.name())
          .containsAll(before.keySet());
    }
  }
}
