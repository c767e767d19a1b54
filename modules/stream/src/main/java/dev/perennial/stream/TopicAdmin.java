package dev.perennial.stream;

import dev.perennial.domain.UnavailableException;
import dev.perennial.event.TopicSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Makes topics and checks them. Thread-safe; each call connects anew. Calls throw {@link
 * UnavailableException} where Kafka does not answer within the time limit.
 */
public final class TopicAdmin {
  private final KafkaSettings kafka;
  private final Duration limit;

  /**
   * @param limit for each request of a call
   */
  public TopicAdmin(KafkaSettings kafka, Duration limit) {
    this.kafka = kafka;
    this.limit = limit;
  }

  /**
   * What came of {@link #create}.
   *
   * @param created names
   * @param existing names; left as they are, so {@link #check} them
   * @param refused in words, e.g. where there are fewer brokers than replicas
   */
  public record Created(List<String> created, List<String> existing, List<String> refused) {
    public Created {
      created = List.copyOf(created);
      existing = List.copyOf(existing);
      refused = List.copyOf(refused);
    }
  }

  /** Makes the topics that do not exist, and waits until the brokers know them. */
  public Created create(List<TopicSpec> specs, short replicationFactor) {
    List<String> created = new ArrayList<>();
    List<String> existing = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    try (Client client = new Client(limit)) {
      client
          .create(specs, replicationFactor)
          .forEach((name, answer) -> {
            try {
              client.get(answer);
              created.add(name);
            } catch (RefusedException e) {
              if (e.getCause() instanceof TopicExistsException) {
                existing.add(name);
              } else {
                refused.add("topic " + name + ": " + e.getMessage());
              }
            }
          });
      created.forEach(client::awaitKnown);
    }
    existing.sort(null);
    created.sort(null);
    return new Created(created, existing, refused);
  }

  /** What is wrong with the topics, in words; empty where all is well. */
  public List<String> check(List<TopicSpec> specs) {
    try (Client client = new Client(limit)) {
      Map<String, TopicCheck.Found> found =
          client.find(specs.stream().map(TopicSpec::name).toList());
      return specs.stream()
          .flatMap(spec ->
              TopicCheck.problems(spec, Optional.ofNullable(found.get(spec.name()))).stream())
          .toList();
    }
  }

  /** What tells this topic from another one that had its name before. */
  public String id(String topic) {
    try (Client client = new Client(limit)) {
      return client.id(topic);
    }
  }

  /** How many processes are in a consumer group now; 0 where there is no such group. */
  public int members(String group) {
    try (Client client = new Client(limit)) {
      return client.members(group);
    }
  }

  /** Records of a topic that a consumer group has not committed yet. */
  public long behind(String group, String topic) {
    try (Client client = new Client(limit)) {
      return client.behind(group, topic);
    }
  }

  /**
   * The offset by partition up to which a consumer group has handled a topic; a partition of which
   * it has handled nothing is absent.
   */
  public Map<Integer, Long> committed(String group, String topic) {
    try (Client client = new Client(limit)) {
      return client.committed(group, topic);
    }
  }

  /** Whether Kafka answers within this time. */
  public boolean reachable(Duration within) {
    try (Client client = new Client(within)) {
      client.get(client.admin.describeCluster().nodes());
      return true;
    } catch (UnavailableException | RefusedException e) {
      return false;
    }
  }

  /** Kafka answered, and the answer is no. */
  private static final class RefusedException extends Exception {
    RefusedException(Throwable cause) {
      super(cause.getMessage(), cause);
    }
  }

  private final class Client implements AutoCloseable {
    final Admin admin;

    Client(Duration limit) {
      try {
        admin = Admin.create(ClientProperties.admin(kafka, limit));
      } catch (KafkaException e) {
        throw new UnavailableException(
            "Kafka at %s cannot be asked (%s): look at the address and at kafka.properties"
                .formatted(kafka.bootstrapServers(), Failures.kinds(e)));
      }
    }

    Map<String, KafkaFuture<Void>> create(List<TopicSpec> specs, short replicas) {
      return admin
          .createTopics(
              specs.stream()
                  .map(s -> new NewTopic(s.name(), s.partitions(), replicas).configs(s.config()))
                  .toList())
          .values();
    }

    /** Empty where there is no such topic. */
    Optional<TopicCheck.Found> find(String topic) {
      return Optional.ofNullable(find(List.of(topic)).get(topic));
    }

    /** By name; those that there are, asked for all at once. */
    Map<String, TopicCheck.Found> find(List<String> topics) {
      Map<String, KafkaFuture<TopicDescription>> described =
          admin.describeTopics(topics).topicNameValues();
      Map<ConfigResource, KafkaFuture<Config>> configured =
          admin.describeConfigs(topics.stream().map(Client::resource).toList()).values();
      Map<String, TopicCheck.Found> found = new HashMap<>();
      for (String topic : topics) {
        try {
          int partitions = get(Objects.requireNonNull(described.get(topic))).partitions().size();
          Config config = get(Objects.requireNonNull(configured.get(resource(topic))));
          found.put(topic, new TopicCheck.Found(partitions, values(config)));
        } catch (RefusedException e) {
          if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
            throw unavailable(e);
          }
        }
      }
      return found;
    }

    private static ConfigResource resource(String topic) {
      return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    String id(String topic) {
      try {
        return get(admin
                .describeTopics(List.of(topic))
                .topicNameValues()
                .values()
                .iterator()
                .next())
            .topicId()
            .toString();
      } catch (RefusedException e) {
        throw unavailable(e);
      }
    }

    int members(String group) {
      try {
        return get(admin
                .describeConsumerGroups(List.of(group))
                .describedGroups()
                .values()
                .iterator()
                .next())
            .members()
            .size();
      } catch (RefusedException e) {
        if (e.getCause() instanceof GroupIdNotFoundException) {
          return 0;
        }
        throw unavailable(e);
      }
    }

    long behind(String group, String topic) {
      Map<Integer, Long> done = committed(group, topic);
      Map<Integer, Long> begins = offsets(topic, OffsetSpec.earliest());
      return offsets(topic, OffsetSpec.latest()).entrySet().stream()
          .mapToLong(end -> end.getValue() - from(end.getKey(), begins, done))
          .sum();
    }

    /** What was deleted before it was handled does not wait any more. */
    private static long from(int partition, Map<Integer, Long> begins, Map<Integer, Long> done) {
      return Math.max(begins.getOrDefault(partition, 0L), done.getOrDefault(partition, 0L));
    }

    Map<Integer, Long> committed(String group, String topic) {
      try {
        Map<Integer, Long> offsets = new HashMap<>();
        get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
            .forEach((partition, offset) -> {
              if (partition.topic().equals(topic) && offset != null) {
                offsets.put(partition.partition(), offset.offset());
              }
            });
        return offsets;
      } catch (RefusedException e) {
        throw unavailable(e);
      }
    }

    private Map<Integer, Long> offsets(String topic, OffsetSpec which) {
      int partitions = find(topic).map(TopicCheck.Found::partitions).orElse(0);
      Map<TopicPartition, OffsetSpec> asked =
          IntStream.range(0, partitions)
              .boxed()
              .collect(Collectors.toMap(it -> new TopicPartition(topic, it), _ -> which));
      try {
        return get(admin.listOffsets(asked).all()).entrySet().stream()
            .collect(Collectors.toMap(it -> it.getKey().partition(), it -> it.getValue().offset()));
      } catch (RefusedException e) {
        throw unavailable(e);
      }
    }

    /** The controller has it at once, the brokers a moment later. */
    void awaitKnown(String topic) {
      for (int looks = 0; find(topic).isEmpty() && looks < 100; looks++) {
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
    }

    private static Map<String, String> values(Config config) {
      return config.entries().stream()
          .filter(entry -> entry.value() != null)
          .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
    }

    <T> T get(KafkaFuture<T> answer) throws RefusedException {
      try {
        return answer.get();
      } catch (ExecutionException e) {
        Throwable cause = Failures.unwrapped(e);
        if (cause instanceof RetriableException
            && !(cause instanceof UnknownTopicOrPartitionException)) {
          throw unavailable(cause);
        }
        throw new RefusedException(cause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw unavailable(e);
      }
    }

    private UnavailableException unavailable(Throwable failure) {
      String what = "Kafka at " + kafka.bootstrapServers() + " did not answer (";
      return new UnavailableException(what + Failures.describe(failure) + ")", failure);
    }

    @Override
    public void close() {
      admin.close(Duration.ZERO);
    }
  }
}
