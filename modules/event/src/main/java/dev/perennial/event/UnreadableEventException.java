package dev.perennial.event;

/**
 * A record that is not an event we know. The message names the topic, the type and what is wrong,
 * and never repeats data. Trying again does not help: the record belongs on the dead-letter topic.
 */
public final class UnreadableEventException extends RuntimeException {
  UnreadableEventException(String message) {
    super(message);
  }
}
