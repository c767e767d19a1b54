package dev.perennial.app.console.change;

import dev.perennial.domain.event.Event;
import dev.perennial.event.EventCodec;
import dev.perennial.stream.KafkaSettings;
import dev.perennial.stream.TopicTail;
import org.jspecify.annotations.Nullable;

/** Fills the memory of recent changes from the topic, from its making until it is closed. */
public final class ChangeTail implements AutoCloseable {
  private final RecentChanges changes;
  private final Rates rates;
  private final TopicTail tail;
  private volatile boolean reachable = true;

  public ChangeTail(KafkaSettings kafka, String topic, EventCodec codec) {
    this.changes = new RecentChanges();
    this.rates = new Rates();
    this.tail = TopicTail.start(kafka, topic, codec, RecentChanges.MOST, new Filling());
  }

  public RecentChanges changes() {
    return changes;
  }

  public Rates rates() {
    return rates;
  }

  /** Whether Kafka answered last. */
  public boolean isReachable() {
    return reachable;
  }

  private final class Filling implements TopicTail.Watcher {
    @Override
    public void record(int partition, long offset, @Nullable Event event) {
      if (event instanceof Event.CredentialUpdated(var state)) {
        rates.add(state);
        changes.add(SeenChange.of(0, partition, offset, state));
      }
    }

    @Override
    public void caughtUp() {
      changes.caughtUp();
    }

    @Override
    public void reachable(boolean answers) {
      reachable = answers;
    }
  }

  @Override
  public void close() {
    changes.close();
    tail.close();
  }
}
