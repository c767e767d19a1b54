package dev.perennial.app.audit;

import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.event.AuditEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings audit events to their topic, in order, behind everybody's back. While Kafka is away they
 * wait here, a bounded number of them: beyond it a new one is not taken, and counted; its line is
 * in the log. Thread-safe.
 */
public final class AuditOutbox implements Consumer<AuditEvent>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditOutbox.class);

  /** Of about 500 bytes each. */
  static final int MOST = 10_000;

  private static final int AT_ONCE = 200;
  private static final Duration LOOK = Duration.ofMillis(200);

  private final BlockingQueue<AuditEvent> waiting = new LinkedBlockingQueue<>(MOST);
  private final Consumer<List<AuditEvent>> publish;
  private final Duration pause;
  private final Duration goodbye;
  private final AtomicLong lost = new AtomicLong();
  private volatile int sending;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread sender;
  private boolean away; // the sender's

  /**
   * Begins to send.
   *
   * @param publish throws {@link UnavailableException} where not all are there in time; then the
   *     same are sent again, so that a reader may meet one twice, by its id
   * @param pause between two tries
   * @param goodbye how long closing waits for what is not sent yet
   */
  public AuditOutbox(Consumer<List<AuditEvent>> publish, Duration pause, Duration goodbye) {
    this.publish = publish;
    this.pause = pause;
    this.goodbye = goodbye;
    this.sender = Thread.ofVirtual().name("audit").start(this::send);
  }

  /** Takes an event without waiting. */
  @Override
  public void accept(AuditEvent event) {
    if (!waiting.offer(event)) {
      lost.incrementAndGet();
    }
  }

  /** How many will never be on the topic; all of them are in the log. */
  public long lost() {
    return lost.get();
  }

  /** How many are not on the topic yet. */
  public int waiting() {
    return waiting.size() + sending;
  }

  private void send() {
    List<AuditEvent> some = new ArrayList<>();
    try {
      while (closing.getCount() > 0 || !waiting.isEmpty()) {
        AuditEvent first = waiting.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
          some.add(first);
          waiting.drainTo(some, AT_ONCE - 1);
          sending = some.size();
          deliver(some);
          some.clear();
          sending = 0;
        }
      }
    } catch (InterruptedException _) {
      lost.addAndGet(some.size());
    }
  }

  private void deliver(List<AuditEvent> some) throws InterruptedException {
    while (!delivered(some)) {
      if (closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        // one more try at most: the process ends, and the log has them
        if (!delivered(some)) {
          lost.addAndGet(some.size());
        }
        return;
      }
    }
  }

  private boolean delivered(List<AuditEvent> some) {
    try {
      publish.accept(List.copyOf(some));
      if (away) {
        LOG.info("audit events are published again");
      }
      away = false;
      return true;
    } catch (UnavailableException e) {
      if (!away) {
        LOG.warn(
            "audit events wait, up to {} of them; their lines are in the log: {}",
            MOST,
            e.getMessage());
      }
      away = true;
      return false;
    } catch (RuntimeException e) { // nothing that trying again would mend
      LOG.error("{} audit events cannot be published; their lines are in the log", some.size(), e);
      lost.addAndGet(some.size());
      return true;
    }
  }

  /** Sends what waits, within the time given for it. */
  @Override
  public void close() {
    closing.countDown();
    try {
      if (!sender.join(goodbye)) {
        sender.interrupt();
        sender.join();
      }
    } catch (InterruptedException _) {
      sender.interrupt();
      Thread.currentThread().interrupt();
    }
    lost.addAndGet(waiting.size());
    if (lost.get() > 0) {
      LOG.warn("{} audit events are in the log alone", lost.get());
    }
  }
}
