package dev.perennial.stream;

import static dev.perennial.stream.SharedKafka.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(SharedKafka.class)
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class ShardOwnershipTest {
  private static final Set<Integer> ALL = Set.of(0, 1, 2, 3);

  @Test
  void membersShareTheShardsAndTakeOverWhatIsGivenBack() {
    String topic = SharedKafka.topic(4);
    SharedKafka.produce(topic, 20, 20);
    List<Set<Integer>> told = new CopyOnWriteArrayList<>();
    try (ShardOwnership first = join(topic, GroupProtocol.CLASSIC, told)) {
      assertThat(first.owned()).isEmpty();
      eventually(() -> first.owned().equals(ALL));
      ShardOwnership second = join(topic, GroupProtocol.CLASSIC, new CopyOnWriteArrayList<>());
      eventually(() -> first.owned().size() == 2 && second.owned().size() == 2);
      assertThat(first.owned()).doesNotContainAnyElementsOf(second.owned());
      second.close();
      assertThat(second.owned()).isEmpty();
      eventually(() -> first.owned().equals(ALL));
    }
    assertThat(told).startsWith(ALL).endsWith(Set.of());
    assertThat(told).anyMatch(shards -> shards.size() == 2);
  }

  @ParameterizedTest
  @EnumSource
  void eitherProtocolServes(GroupProtocol protocol) {
    String topic = SharedKafka.topic(4);
    try (ShardOwnership alone = join(topic, protocol, new CopyOnWriteArrayList<>())) {
      eventually(() -> alone.owned().equals(ALL) && alone.healthy());
    }
  }

  private static ShardOwnership join(
      String topic, GroupProtocol protocol, List<Set<Integer>> told) {
    return ShardOwnership.join(
        SharedKafka.settings(),
        "shards-of-" + topic,
        topic,
        Duration.ofSeconds(3),
        protocol,
        told::add,
        new Random(1),
        System::nanoTime);
  }
}
