package dev.perennial.event;

import java.util.Map;

/**
 * A topic as it must be. The replication factor is the operator's choice and not part of it.
 *
 * @param partitions exactly this many
 * @param config topic settings that must hold, by Kafka's names
 */
public record TopicSpec(String name, int partitions, Map<String, String> config) {

  /**
   * @throws IllegalArgumentException where there is no partition
   */
  public TopicSpec {
    if (partitions < 1) {
      throw new IllegalArgumentException("topic " + name + ": " + partitions + " partitions");
    }
    config = Map.copyOf(config);
  }
}
