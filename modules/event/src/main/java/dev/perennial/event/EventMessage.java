package dev.perennial.event;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One Kafka record without Kafka's types: a CloudEvents 1.0 event in binary mode (attributes in
 * {@code ce_} headers, the data alone in the value), or a tombstone.
 *
 * @param key the connection key; empty where the record has none, which no event of ours does
 * @param headers by name; where a record repeats a name, the last one
 * @param value UTF-8 JSON; null = tombstone. Not copied: neither side changes it
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
public record EventMessage(
    String topic, String key, Map<String, String> headers, byte @Nullable [] value) {

  /**
   * The longest value that is written or read: a token response of 1 MiB, sealed and in base64, and
   * room for what stands around it.
   */
  public static final int MAX_VALUE_BYTES = 3 << 19;

  /** What topics, producers and consumers must let pass: a value with its key and headers. */
  public static final int MAX_RECORD_BYTES = 1 << 21;

  // Not the compact form: javac then loses the type annotation, and other rooms' null checks with
  // it.
  public EventMessage(
      String topic, String key, Map<String, String> headers, byte @Nullable [] value) {
    this.topic = topic;
    this.key = key;
    this.headers = Map.copyOf(headers);
    this.value = value;
  }

  /** The same record with headers beside its own, which stay where a name stands in both. */
  public EventMessage withHeaders(Map<String, String> beside) {
    Map<String, String> all = new HashMap<>(beside);
    all.putAll(headers);
    return new EventMessage(topic, key, all, value);
  }

  /** Whether the record only says that its key is forgotten. There is nothing to decode then. */
  public boolean isTombstone() {
    return value == null;
  }

  /** Topic, key, event type and length; no data. */
  @Override
  public String toString() {
    String what = value == null ? "tombstone" : value.length + " bytes";
    return topic + " " + key + " " + headers.getOrDefault("ce_type", "untyped") + ", " + what;
  }
}
