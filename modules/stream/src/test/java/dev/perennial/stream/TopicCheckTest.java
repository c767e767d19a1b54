package dev.perennial.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.event.TopicSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TopicCheckTest {
  private static final TopicSpec COMPACTED =
      new TopicSpec("t", 8, Map.of("cleanup.policy", "compact", "delete.retention.ms", "1000"));

  @Test
  void aTopicThatKeepsMoreIsFine() {
    assertThat(problems(8, Map.of("cleanup.policy", "compact", "delete.retention.ms", "2000")))
        .isEmpty();
    assertThat(problems(8, Map.of("cleanup.policy", "compact", "delete.retention.ms", "-1")))
        .isEmpty();
  }

  @Test
  void everyProblemIsNamedWithWhatIsAndWhatMustBe() {
    assertThat(problems(3, Map.of("cleanup.policy", "delete", "delete.retention.ms", "999")))
        .containsExactly(
            "topic t has 3 partitions and must have 8 (one for each shard)",
            "topic t is not compacted: cleanup.policy is delete and must be compact",
            "topic t: delete.retention.ms is 999 and must be at least 1000");
  }

  @Test
  void bothPoliciesTogetherAreNotCompaction() {
    assertThat(
            problems(8, Map.of("cleanup.policy", "compact,delete", "delete.retention.ms", "1000")))
        .hasSize(1);
  }

  @Test
  void aMissingTopicSaysWhatMakesIt() {
    assertThat(TopicCheck.problems(COMPACTED, Optional.empty()))
        .containsExactly("topic t is missing; 'perennial topics' makes it");
  }

  @Test
  void howSegmentsAreCutIsTheOperators() {
    TopicSpec cut = new TopicSpec("t", 1, Map.of("segment.ms", "1000"));
    TopicCheck.Found found = new TopicCheck.Found(1, Map.of("segment.ms", "5"));
    assertThat(TopicCheck.problems(cut, Optional.of(found))).isEmpty();
  }

  private static List<String> problems(int partitions, Map<String, String> config) {
    return TopicCheck.problems(COMPACTED, Optional.of(new TopicCheck.Found(partitions, config)));
  }
}
