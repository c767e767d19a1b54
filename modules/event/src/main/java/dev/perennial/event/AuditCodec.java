package dev.perennial.event;

import dev.perennial.domain.event.AuditEvent;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Audit events as CloudEvents 1.0 in Kafka's binary mode, and back. They are about people and
 * programs, not about credentials: their key and {@code ce_subject} is the object of the action, or
 * the action where it has none. Otherwise as {@link EventCodec}. Thread-safe.
 */
public final class AuditCodec {
  static final String TYPE = "perennial.audit.recorded";

  private final Topics topics;
  private final String source;

  /**
   * @param source as that of the installation's other events
   */
  public AuditCodec(Topics topics, String source) {
    this.topics = topics;
    this.source = source;
  }

  /** The record that says an event. */
  public EventMessage encode(AuditEvent event) {
    byte[] value = JsonObjects.write(data(event));
    return new EventMessage(topics.audit(), event.subject(), headers(event), value);
  }

  private Map<String, String> headers(AuditEvent event) {
    return EventCodec.headers(source, event.id(), TYPE, event.subject(), event.at());
  }

  /** Its data as one line of JSON, with its id. */
  public static String line(AuditEvent event) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("id", event.id());
    members.putAll(data(event));
    return new String(JsonObjects.write(members), StandardCharsets.UTF_8);
  }

  private static Map<String, @Nullable Object> data(AuditEvent event) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("at", event.at().toString());
    data.put("actor", event.actor());
    put(data, "key_id", event.keyId());
    data.put("action", event.action());
    put(data, "object", event.object().isEmpty() ? null : event.object());
    data.put("count", event.count());
    put(data, "address", event.address());
    data.put("outcome", event.outcome().text());
    put(data, "reason", event.reason());
    put(data, "omitted", event.omitted() == 0 ? null : event.omitted());
    put(data, "trace_id", event.traceId());
    return data;
  }

  private static void put(Map<String, @Nullable Object> data, String name, @Nullable Object value) {
    if (value != null) {
      data.put(name, value);
    }
  }

  /**
   * The event that a record says. What the data holds beyond what we know is ignored.
   *
   * @throws UnreadableEventException where it is not an audit event, whole and consistent
   */
  public AuditEvent decode(EventMessage message) {
    try {
      byte[] value = message.value();
      if (value == null || !TYPE.equals(message.headers().get("ce_type"))) {
        throw new Members.Unfit("no audit event");
      }
      return read(
          message.headers().getOrDefault("ce_id", ""), new Members(JsonObjects.read(value)));
    } catch (Members.Unfit | MalformedJsonException e) {
      throw new UnreadableEventException(message.topic() + ": " + e.getMessage());
    }
  }

  private static AuditEvent read(String id, Members data) {
    return new AuditEvent(
        id,
        data.instant("at"),
        data.text("actor"),
        data.textOrNull("key_id"),
        data.text("action"),
        Objects.requireNonNullElse(data.textOrNull("object"), ""),
        data.number("count"),
        data.textOrNull("address"),
        outcome(data.text("outcome")),
        data.textOrNull("reason"),
        data.numberOrZero("omitted"),
        data.textOrNull("trace_id"));
  }

  private static AuditEvent.Outcome outcome(String text) {
    try {
      return AuditEvent.Outcome.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new Members.Unfit("outcome is none we know");
    }
  }
}
