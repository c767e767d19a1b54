package dev.perennial.domain.event;

/** Says events on their topics. Thread-safe. */
public interface EventPublisher {

  /**
   * Returns once all in-sync replicas have it.
   *
   * @throws dev.perennial.domain.UnavailableException where that did not happen in time; it may
   *     still arrive, so consumers meet duplicates
   */
  void publish(Event event);
}
