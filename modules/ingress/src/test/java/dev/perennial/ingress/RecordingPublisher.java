package dev.perennial.ingress;

import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.EventPublisher;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Keeps what was said; can be down, or slow until it is let go. */
final class RecordingPublisher implements EventPublisher {
  final List<Event> events = new CopyOnWriteArrayList<>();
  final CountDownLatch reached = new CountDownLatch(1);
  volatile CountDownLatch gate = new CountDownLatch(0);
  volatile boolean down;
  volatile boolean broken;

  @Override
  public void publish(Event event) {
    reached.countDown();
    await(gate);
    if (broken) {
      throw new IllegalStateException("a mistake of ours");
    }
    if (down) {
      throw new UnavailableException("Kafka at test:9092 does not answer");
    }
    events.add(event);
  }

  <E extends Event> E only(Class<E> type) {
    if (events.size() != 1) {
      throw new AssertionError("expected one event, not " + events);
    }
    return type.cast(events.getFirst());
  }

  static void await(CountDownLatch latch) {
    try {
      if (!latch.await(5, TimeUnit.SECONDS)) {
        throw new AssertionError("waited 5 s in vain");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
