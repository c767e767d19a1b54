package dev.perennial.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {

  @Test
  void the_settings_of_every_topic_are_these() {
    String life = "retention.ms";
    assertThat(settings(life))
        .containsOnly(
            Map.entry("perennial.code-received", "3600000"),
            Map.entry("perennial.refresh-due", "86400000"),
            Map.entry("perennial.credentials-updated", "none"),
            Map.entry("perennial.authorizations", "604800000"),
            Map.entry("perennial.grant-journal", "604800000"),
            Map.entry("perennial.dead-letter", "1209600000"),
            Map.entry("perennial.audit", "7776000000"));
    assertThat(settings("cleanup.policy"))
        .containsEntry("perennial.credentials-updated", "compact")
        .containsEntry("perennial.refresh-due", "delete");
    assertThat(settings("min.compaction.lag.ms"))
        .containsEntry("perennial.credentials-updated", "86400000");
    assertThat(settings("delete.retention.ms"))
        .containsEntry("perennial.credentials-updated", "604800000");
  }

  @Test
  void every_topic_has_a_partition_for_each_shard() {
    assertThat(Topics.DEFAULT.all(64)).extracting(TopicSpec::partitions).containsOnly(64);
  }

  @Test
  void every_topic_lets_the_longest_event_pass() {
    assertThat(settings("max.message.bytes")).hasSize(7).containsValue("2097152");
    assertThat(EventMessage.MAX_VALUE_BYTES).isLessThan(EventMessage.MAX_RECORD_BYTES - 65_536);
  }

  @Test
  void every_event_has_one_topic() {
    assertThat(Examples.all())
        .allSatisfy(event -> {
          String topic = Topics.DEFAULT.of(event);
          assertThat(Topics.DEFAULT.all(1)).extracting(TopicSpec::name).contains(topic);
        });
  }

  @Test
  void what_is_audited_is_kept_for_as_long_as_is_asked() {
    assertThat(Topics.DEFAULT.all(1, Duration.ofDays(3650)))
        .filteredOn(topic -> topic.name().equals("perennial.audit"))
        .extracting(topic -> topic.config().get("retention.ms"))
        .containsExactly("315360000000");
  }

  @Test
  void another_prefix_moves_all_of_them() {
    assertThat(new Topics("acme-prod").all(8))
        .extracting(TopicSpec::name)
        .allMatch(name -> name.startsWith("acme-prod."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "-a", "a b", "a/b", "ä"})
  void a_prefix_that_cannot_begin_a_topic_is_refused(String prefix) {
    assertThatThrownBy(() -> new Topics(prefix)).isInstanceOf(IllegalArgumentException.class);
  }

  private static Map<String, String> settings(String name) {
    return Topics.DEFAULT.all(8).stream()
        .collect(Collectors.toMap(TopicSpec::name, t -> t.config().getOrDefault(name, "none")));
  }
}
