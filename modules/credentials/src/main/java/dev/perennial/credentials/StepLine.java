package dev.perennial.credentials;

import dev.perennial.domain.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Steps on their way to one Redis. What comes while others are on their way goes together: one
 * round trip, one write to the append-only file. What comes alone goes at once. Thread-safe.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>While a step waits there is a sender: whoever ends looks again after saying so.
 *   <li>A step is sent once or not at all.
 *   <li>A step that was sent ends, whatever becomes of its sender.
 * </ol>
 */
final class StepLine {
  static final int SENDERS = 4;

  /** What a round trip takes along. */
  private static final int MOST = 128;

  private final Queue<Step> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger senders = new AtomicInteger();
  private final Duration patience;
  private final Consumer<List<Step>> send;

  /**
   * @param patience for how long a step may wait to be sent
   * @param send gives each step its answer, or says why there is none
   */
  StepLine(Duration patience, Consumer<List<Step>> send) {
    this.patience = patience;
    this.send = send;
  }

  /**
   * Blocks until it is answered.
   *
   * @throws dev.perennial.domain.UnavailableException where Redis does not answer
   */
  Reply run(Step step) {
    waiting.add(step);
    startSender();
    return step.await(patience);
  }

  private void startSender() {
    int now = senders.get();
    while (now < SENDERS && !waiting.isEmpty()) {
      if (senders.compareAndSet(now, now + 1)) {
        Thread.ofVirtual().name("redis-steps").start(this::sendAll);
        return;
      }
      now = senders.get();
    }
  }

  private void sendAll() {
    try {
      for (List<Step> some = some(); !some.isEmpty(); some = some()) {
        sendOne(some);
      }
    } finally {
      senders.decrementAndGet();
      startSender(); // what came since the last look
    }
  }

  /** Whatever happens here, nobody is left waiting. */
  private void sendOne(List<Step> some) {
    try {
      send.accept(some);
    } finally {
      some.forEach(step -> step.failed(new UnavailableException("Redis was asked, unheard")));
    }
  }

  private List<Step> some() {
    List<Step> some = new ArrayList<>();
    for (Step next = waiting.poll(); next != null; next = waiting.poll()) {
      if (next.take()) {
        some.add(next);
      }
      if (some.size() == MOST) {
        break;
      }
    }
    return some;
  }
}
