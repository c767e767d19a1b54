package dev.perennial.stream;

import dev.perennial.domain.refresh.Backoff;
import dev.perennial.stream.ClientProperties.Membership;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Which shards are ours: the partitions that a consumer group gives us on a topic whose records we
 * do not read. Members of a group share the shards, each owned by one.
 *
 * <p>A shard counts as ours only while Kafka is heard. After two thirds of the session timeout in
 * silence {@link #owned} is empty, before the group may give the shard away; it is back with the
 * first sign of life, unless the group has decided otherwise. A process that was paused sees that
 * at its next look. Thread-safe.
 */
public final class ShardOwnership implements AutoCloseable {
  private final Membership membership;
  private final Reachability reachability;
  private final GroupMember member;
  private final Consumer<Set<Integer>> onChange;
  private volatile Set<Integer> assigned = Set.of();
  private volatile boolean joined;
  private Set<Integer> told = Set.of();

  private ShardOwnership(
      KafkaSettings kafka,
      Membership membership,
      Consumer<Set<Integer>> onChange,
      RandomGenerator random,
      LongSupplier nanoTime) {
    this.membership = membership;
    this.onChange = onChange;
    this.reachability = Reachability.of(kafka, membership, nanoTime);
    Map<String, Object> properties =
        ClientProperties.consumer(kafka, membership, Duration.ZERO, "latest");
    this.member =
        new GroupMember(
            membership,
            () -> new KafkaConsumer<>(properties),
            new Duties(),
            reachability,
            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), random),
            nanoTime);
  }

  /**
   * Joins the group. Kafka need not be there yet.
   *
   * @param topic one partition for each shard
   * @param sessionTimeout after which a silent member's shards go to others; default of the broker
   *     allows 6 s or more
   * @param onChange told the new set after each change, on the polling thread: must return at once
   */
  public static ShardOwnership join(
      KafkaSettings kafka,
      String group,
      String topic,
      Duration sessionTimeout,
      GroupProtocol protocol,
      Consumer<Set<Integer>> onChange,
      RandomGenerator random,
      LongSupplier nanoTime) {
    ShardOwnership ownership =
        new ShardOwnership(
            kafka,
            new Membership(group, topic, sessionTimeout, protocol),
            onChange,
            random,
            nanoTime);
    ownership.member.start();
    return ownership;
  }

  /** With a session timeout of 10 s and the classic protocol, telling nobody. */
  public static ShardOwnership join(
      KafkaSettings kafka,
      String group,
      String topic,
      RandomGenerator random,
      LongSupplier nanoTime) {
    return join(
        kafka,
        group,
        topic,
        WorkerSettings.SESSION_TIMEOUT,
        GroupProtocol.CLASSIC,
        _ -> {},
        random,
        nanoTime);
  }

  /** The shards that are ours now; ask again before each piece of work. Empty until assigned. */
  public Set<Integer> owned() {
    return reachability.fresh() ? assigned : Set.of();
  }

  /**
   * Whether Kafka was heard lately; false until the group has said which shards are ours, if any.
   */
  public boolean healthy() {
    return joined && reachability.reachable();
  }

  /** Gives all shards back and leaves the group. */
  @Override
  public void close() {
    member.close(Duration.ZERO);
  }

  private void tell() {
    Set<Integer> now = owned();
    if (!now.equals(told)) {
      told = now;
      onChange.accept(now);
    }
  }

  @Override
  public String toString() {
    return "ShardOwnership[" + membership.group() + ", " + new TreeSet<>(owned()) + "]";
  }

  private final class Duties implements GroupMember.Duties {

    @Override
    public void assigned(
        Set<Integer> partitions,
        org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer) {
      consumer.pause(
          partitions.stream().map(p -> new TopicPartition(membership.topic(), p)).toList());
      Set<Integer> more = new TreeSet<>(assigned);
      more.addAll(partitions);
      assigned = Set.copyOf(more);
      joined = true;
      tell();
    }

    @Override
    public void revoked(
        Set<Integer> partitions,
        org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer) {
      lost(partitions);
    }

    @Override
    public void lost(Set<Integer> partitions) {
      Set<Integer> fewer = new TreeSet<>(assigned);
      fewer.removeAll(partitions);
      assigned = Set.copyOf(fewer);
      tell();
    }

    @Override
    public void turn(
        ConsumerRecords<byte[], byte[]> records,
        org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer) {
      tell();
    }

    @Override
    public void leaving(org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer) {
      joined = false;
      lost(assigned);
    }
  }
}
