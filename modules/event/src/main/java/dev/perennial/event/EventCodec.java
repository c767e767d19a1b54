package dev.perennial.event;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.AnswerJournaled;
import dev.perennial.domain.event.Event.AuthorizationFailed;
import dev.perennial.domain.event.Event.CodeReceived;
import dev.perennial.domain.event.Event.ConsentJournaled;
import dev.perennial.domain.event.Event.CredentialUpdated;
import dev.perennial.domain.event.Event.RefreshDue;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Events as CloudEvents 1.0 in Kafka's binary mode, and back. An event always becomes the same
 * message, down to its id, so that a repetition can be told by (source, id). Thread-safe.
 *
 * <p>Attributes: {@code ce_specversion} 1.0; {@code ce_type}; {@code ce_source} as given; {@code
 * ce_subject} and {@code ce_partitionkey} (the partitioning extension) the connection key, which is
 * the record's key too; {@code ce_time} when it happened; {@code content-type} application/json;
 * {@code ce_dataschema} {@code urn:perennial:event:<type>:<major version>}, the {@code $id} of the
 * schema under {@code docs/events}; {@code ce_id}:
 *
 * <ul>
 *   <li>{@code perennial.credentials.*}: {@code <connection key>/<grant>-<version>}
 *   <li>{@code perennial.refresh.due}: {@code <connection key>/<version>-<unix milliseconds>}
 *   <li>{@code perennial.code.received}: the authorization's id
 *   <li>{@code perennial.authorization.failed}: {@code <authorization>-failed}
 *   <li>{@code perennial.journal.answer}: {@code <attempt>-<stage>}
 *   <li>{@code perennial.journal.consent}: {@code <authorization>-journaled}
 * </ul>
 */
public final class EventCodec {
  static final String CREDENTIALS = "perennial.credentials.";
  static final String CODE_RECEIVED = "perennial.code.received";
  static final String REFRESH_DUE = "perennial.refresh.due";
  static final String AUTHORIZATION_FAILED = "perennial.authorization.failed";

  static final String ANSWER_JOURNALED = "perennial.journal.answer";
  static final String CONSENT_JOURNALED = "perennial.journal.consent";

  private static final String SPEC_VERSION = "1.0";

  /**
   * Of the data of every event. It rises where a reader of the old one would misread the new one; a
   * member that is added changes nothing.
   */
  private static final int SCHEMA_VERSION = 1;

  private static final String JSON = "application/json";

  private final Topics topics;
  private final String source;

  /**
   * @param topics where each event belongs
   * @param source of the events: a URI reference (CloudEvents 1.0), e.g. {@code /perennial}
   */
  public EventCodec(Topics topics, String source) {
    this.topics = topics;
    this.source = source;
  }

  /**
   * The record that says an event.
   *
   * @throws IllegalArgumentException where it is longer than {@link EventMessage#MAX_VALUE_BYTES}
   */
  public EventMessage encode(Event event) {
    byte[] value = JsonObjects.write(EventData.of(event));
    if (value.length > EventMessage.MAX_VALUE_BYTES) {
      throw new IllegalArgumentException(
          event.key()
              + ": "
              + typeOf(event)
              + " of "
              + value.length
              + " bytes, at most "
              + EventMessage.MAX_VALUE_BYTES);
    }
    return new EventMessage(topics.of(event), event.key().toString(), headers(event), value);
  }

  private Map<String, String> headers(Event event) {
    return headers(source, idOf(event), typeOf(event), event.key().toString(), timeOf(event));
  }

  /**
   * @param key of the record
   */
  static Map<String, String> headers(
      String source, String id, String type, String key, Instant time) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("ce_specversion", SPEC_VERSION);
    headers.put("ce_id", id);
    headers.put("ce_type", type);
    headers.put("ce_source", source);
    headers.put("ce_subject", key);
    headers.put("ce_partitionkey", key);
    headers.put("ce_time", time.toString());
    headers.put("ce_dataschema", schemaOf(type));
    headers.put("content-type", JSON);
    return headers;
  }

  /** The {@code $id} of the schema of a type's data. */
  static String schemaOf(String type) {
    return "urn:perennial:event:" + type + ":" + SCHEMA_VERSION;
  }

  /** Every event type there is. */
  static List<String> types() {
    Stream<String> credentials =
        Stream.of(Change.values()).map(change -> CREDENTIALS + change.text());
    Stream<String> others =
        Stream.of(
            CODE_RECEIVED, REFRESH_DUE, AUTHORIZATION_FAILED, ANSWER_JOURNALED, CONSENT_JOURNALED);
    return Stream.concat(credentials, others).toList();
  }

  /**
   * The event that a record says. What the data holds beyond what we know is ignored.
   *
   * @param message no tombstone; see {@link EventMessage#isTombstone()}
   * @throws UnreadableEventException where it is not an event we know, whole and consistent
   */
  public Event decode(EventMessage message) {
    try {
      return read(message);
    } catch (Members.Unfit | MalformedJsonException e) {
      throw new UnreadableEventException(
          message.topic() + ": " + printable(typeOf(message)) + ": " + e.getMessage());
    }
  }

  private static Event read(EventMessage message) throws MalformedJsonException {
    byte[] value = message.value();
    if (value == null) {
      throw new Members.Unfit("a tombstone says no event");
    }
    checkEnvelope(message.headers(), value.length);
    Event event = read(typeOf(message), new Members(JsonObjects.read(value)));
    if (!event.key().toString().equals(message.key())) {
      throw new Members.Unfit("the record's key is not the connection in its data");
    }
    return event;
  }

  private static void checkEnvelope(Map<String, String> headers, int length) {
    if (!SPEC_VERSION.equals(headers.get("ce_specversion"))) {
      throw new Members.Unfit("ce_specversion is not " + SPEC_VERSION);
    }
    if (!headers.getOrDefault("content-type", JSON).startsWith(JSON)) {
      throw new Members.Unfit("content-type is not " + JSON);
    }
    if (length > EventMessage.MAX_VALUE_BYTES) {
      throw new Members.Unfit(length + " bytes, at most " + EventMessage.MAX_VALUE_BYTES);
    }
  }

  private static Event read(String type, Members data) {
    if (type.startsWith(CREDENTIALS)) {
      return EventData.credential(change(type.substring(CREDENTIALS.length())), data);
    }
    return switch (type) {
      case CODE_RECEIVED -> EventData.code(data);
      case REFRESH_DUE -> EventData.refresh(data);
      case AUTHORIZATION_FAILED -> EventData.failure(data);
      case ANSWER_JOURNALED -> EventData.answer(data);
      case CONSENT_JOURNALED -> EventData.consent(data);
      default -> throw new Members.Unfit("ce_type is none we know");
    };
  }

  private static Change change(String text) {
    for (Change change : Change.values()) {
      if (change.text().equals(text)) {
        return change;
      }
    }
    throw new Members.Unfit("ce_type is none we know");
  }

  private static String typeOf(EventMessage message) {
    return message.headers().getOrDefault("ce_type", "");
  }

  private static String typeOf(Event event) {
    if (event instanceof CredentialUpdated updated) {
      return CREDENTIALS + updated.state().change().text();
    }
    if (event instanceof CodeReceived) {
      return CODE_RECEIVED;
    }
    if (event instanceof RefreshDue) {
      return REFRESH_DUE;
    }
    if (event instanceof AuthorizationFailed) {
      return AUTHORIZATION_FAILED;
    }
    return event instanceof AnswerJournaled ? ANSWER_JOURNALED : CONSENT_JOURNALED;
  }

  /** The same event has the same id wherever and however often it is said. */
  private static String idOf(Event event) {
    ConnectionKey key = event.key();
    if (event instanceof CredentialUpdated updated) {
      return key + "/" + updated.state().grant() + "-" + updated.state().version();
    }
    if (event instanceof RefreshDue due) {
      return key + "/" + due.version() + "-" + due.at().toEpochMilli();
    }
    if (event instanceof CodeReceived received) {
      return received.authorization();
    }
    if (event instanceof AuthorizationFailed failed) {
      return failed.authorization() + "-failed";
    }
    return event instanceof AnswerJournaled answer
        ? answer.attempt() + "-" + answer.stage()
        : ((ConsentJournaled) event).authorization() + "-journaled";
  }

  private static Instant timeOf(Event event) {
    if (event instanceof CredentialUpdated updated) {
      return updated.state().changedAt();
    }
    if (event instanceof RefreshDue due) {
      return due.at();
    }
    if (event instanceof CodeReceived received) {
      return received.at();
    }
    if (event instanceof AuthorizationFailed failed) {
      return failed.at();
    }
    return event instanceof AnswerJournaled answer ? answer.at() : ((ConsentJournaled) event).at();
  }

  private static String printable(String type) {
    String head = type.length() > 80 ? type.substring(0, 80) : type;
    return head.isEmpty() ? "no ce_type" : head.replaceAll("[^\\x21-\\x7e]", "?");
  }
}
