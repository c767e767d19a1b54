package dev.perennial.stream;

import dev.perennial.event.EventMessage;

/**
 * What is done with a record. Called on a virtual thread, never for two records of one key at once,
 * in the order of the key; for different keys at the same time. It may be called again for a record
 * it has handled (a crash, a partition that moved), so nothing it does may happen twice.
 */
@FunctionalInterface
public interface RecordHandler {

  /**
   * Returning means done: the offset may be committed.
   *
   * @throws dev.perennial.domain.UnavailableException something we stand on is away: the record is
   *     tried again, with growing pauses and without end, until it is done or the partition goes to
   *     another worker, which then sees it
   * @throws PoisonException this record can never be handled: to the dead-letter topic at once
   * @throws RuntimeException anything else: three more tries, then to the dead-letter topic
   */
  void handle(EventMessage message);

  /** Whether tombstones (records without a value) come too; otherwise they count as done. */
  default boolean wantsTombstones() {
    return false;
  }
}
