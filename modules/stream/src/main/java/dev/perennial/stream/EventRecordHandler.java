package dev.perennial.stream;

import dev.perennial.domain.event.Event;
import dev.perennial.event.EventCodec;
import dev.perennial.event.EventMessage;
import dev.perennial.event.UnreadableEventException;
import java.util.function.Consumer;

/**
 * Hands records on as events. What is no event we know is poison; tombstones say no event and are
 * passed over. As thread-safe as what it hands on to.
 */
public final class EventRecordHandler implements RecordHandler {
  private final EventCodec codec;
  private final Consumer<? super Event> events;

  /**
   * @param events throws as {@link RecordHandler#handle} does
   */
  public EventRecordHandler(EventCodec codec, Consumer<? super Event> events) {
    this.codec = codec;
    this.events = events;
  }

  @Override
  public void handle(EventMessage message) {
    events.accept(decode(message));
  }

  private Event decode(EventMessage message) {
    try {
      return codec.decode(message);
    } catch (UnreadableEventException e) {
      throw new PoisonException("unreadable: " + e.getMessage());
    }
  }
}
