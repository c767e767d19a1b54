package dev.perennial.domain.event;

import java.util.List;

/** Says events on their topics. Thread-safe. */
public interface EventPublisher {

  /**
   * Returns once all in-sync replicas have it.
   *
   * @throws dev.perennial.domain.UnavailableException where that did not happen in time; it may
   *     still arrive, so consumers meet duplicates
   */
  void publish(Event event);

  /**
   * Publishes many at once and returns when all are there. An implementation sends them together.
   *
   * @throws dev.perennial.domain.UnavailableException where one of them is not there in time
   */
  default void publishAll(List<? extends Event> events) {
    events.forEach(this::publish);
  }
}
