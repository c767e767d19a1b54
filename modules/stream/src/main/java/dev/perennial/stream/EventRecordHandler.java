package dev.perennial.stream;

import dev.perennial.domain.event.Event;
import dev.perennial.event.EventCodec;
import dev.perennial.event.EventMessage;
import dev.perennial.event.UnreadableEventException;
import io.opentelemetry.api.trace.SpanKind;
import java.util.function.Consumer;

/**
 * Hands records on as events, within the trace that they carry. What is no event we know is poison;
 * tombstones say no event and are passed over. As thread-safe as what it hands on to.
 */
public final class EventRecordHandler implements RecordHandler {
  private final EventCodec codec;
  private final Consumer<? super Event> events;
  private final Tracing tracing;

  /** Without traces. */
  public EventRecordHandler(EventCodec codec, Consumer<? super Event> events) {
    this(codec, events, Tracing.NONE);
  }

  /**
   * @param events throws as {@link RecordHandler#handle} does
   */
  public EventRecordHandler(EventCodec codec, Consumer<? super Event> events, Tracing tracing) {
    this.codec = codec;
    this.events = events;
    this.tracing = tracing;
  }

  @Override
  public void handle(EventMessage message) {
    Event event = decode(message);
    tracing.resume(
        message.headers(),
        "process " + message.topic(),
        SpanKind.CONSUMER,
        () -> events.accept(event));
  }

  private Event decode(EventMessage message) {
    try {
      return codec.decode(message);
    } catch (UnreadableEventException e) {
      throw new PoisonException("unreadable: " + e.getMessage());
    }
  }
}
