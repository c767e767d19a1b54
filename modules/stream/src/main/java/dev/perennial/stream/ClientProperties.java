package dev.perennial.stream;

import dev.perennial.event.EventMessage;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The properties of each client: our defaults, over them what the operator gave, over both what the
 * guarantees rest on.
 */
final class ClientProperties {

  /** A topic made after a client asked for it is seen within this time. */
  private static final int METADATA_MAX_AGE_MS = 30_000;

  private ClientProperties() {}

  /**
   * @param pollThreadBlocks longest time between two polls; the group must not give up before
   * @param offsetReset where a group without offsets begins
   */
  static Map<String, Object> consumer(
      KafkaSettings kafka, Membership member, Duration pollThreadBlocks, String offsetReset) {
    Map<String, Object> all = common(kafka, member.group() + "-" + member.topic());
    long interval = Math.max(300_000, pollThreadBlocks.multipliedBy(2).toMillis());
    all.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, (int) Math.min(interval, 86_400_000));
    all.putAll(kafka.extra());
    all.put(ConsumerConfig.GROUP_ID_CONFIG, member.group());
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, offsetReset);
    all.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    all.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    all.putAll(protocol(member));
    return all;
  }

  /** For reading from given offsets, without a group. */
  static Map<String, Object> reader(KafkaSettings kafka, String topic) {
    Map<String, Object> all = common(kafka, "reader-" + topic);
    // A partition that is added waits for the answer about those before, which may have nothing
    // new.
    all.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
    all.putAll(kafka.extra());
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    // Retention may have taken what stood at the offset.
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    all.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    all.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    return all;
  }

  private static Map<String, Object> protocol(Membership member) {
    long session = member.sessionTimeout().toMillis();
    return switch (member.protocol()) {
      case CLASSIC ->
          Map.of(
              ConsumerConfig.GROUP_PROTOCOL_CONFIG,
              "classic",
              ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
              CooperativeStickyAssignor.class.getName(),
              ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
              (int) session,
              ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
              (int) (session / 5));
      case CONSUMER -> Map.of(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
    };
  }

  /**
   * @param delivery from handing a record over until it is acknowledged or given up
   * @param maxBlock how long handing over may wait for a first contact
   */
  static Map<String, Object> producer(KafkaSettings kafka, Duration delivery, Duration maxBlock) {
    Map<String, Object> all = common(kafka, "publisher");
    all.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    all.put(ProducerConfig.BATCH_SIZE_CONFIG, 65_536);
    all.putAll(kafka.extra());
    all.put(ProducerConfig.ACKS_CONFIG, "all");
    all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    // Not five: on a partition that a broker has just taken up, it refuses the first request (not
    // the leader yet) and takes the second, since it knows no sequence there. The first is then out
    // of sequence until its delivery timeout, and behind the second if it were not.
    all.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) delivery.toMillis());
    all.put(
        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) Math.min(30_000, delivery.toMillis() / 2));
    all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, maxBlock.toMillis());
    all.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, EventMessage.MAX_RECORD_BYTES);
    all.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    all.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    return all;
  }

  static Map<String, Object> admin(KafkaSettings kafka, Duration timeout) {
    Map<String, Object> all = common(kafka, "admin");
    all.putAll(kafka.extra());
    all.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
    all.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
    return all;
  }

  private static Map<String, Object> common(KafkaSettings kafka, String part) {
    Map<String, Object> all = new HashMap<>();
    all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
    all.put(CommonClientConfigs.CLIENT_ID_CONFIG, kafka.clientId() + "-" + part);
    all.put(CommonClientConfigs.METADATA_MAX_AGE_CONFIG, METADATA_MAX_AGE_MS);
    all.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000L);
    return all;
  }

  /** What a member of a consumer group joins, and how. */
  record Membership(String group, String topic, Duration sessionTimeout, GroupProtocol protocol) {}
}
