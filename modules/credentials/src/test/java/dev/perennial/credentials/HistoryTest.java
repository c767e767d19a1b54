package dev.perennial.credentials;

import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever happens in whatever order, the state ends as the order (grant, token_gen, version) over
 * everything that was published says, no version has two contents, nothing goes back, and no spent
 * token is sent while somebody holds its successor.
 */
@ExtendWith(RedisExtension.class)
class HistoryTest {
  private static final int STEPS = 400;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aKnownHistoryEndsInOrder(long seed, RedisConnections redis) {
    endsInOrder(seed, redis);
  }

  @Test
  void aNewHistoryEndsInOrder(RedisConnections redis) {
    endsInOrder(RandomGenerator.getDefault().nextLong(), redis);
  }

  private static void endsInOrder(long seed, RedisConnections redis) {
    History history = new History(redis, new Random(seed));
    try {
      history.run(STEPS);
    } catch (AssertionError | RuntimeException e) {
      List<String> trace = history.trace();
      String last =
          String.join("\n  ", trace.subList(Math.max(0, trace.size() - 80), trace.size()));
      throw new AssertionError("seed " + seed + ": " + e.getMessage() + "\n  " + last, e);
    }
  }
}
