package dev.perennial.app.console.change;

import dev.perennial.domain.event.Event;
import dev.perennial.stream.TopicTail;
import org.jspecify.annotations.Nullable;

/** What this process remembers of the changes that a tail of the topic tells it. Thread-safe. */
public final class ChangeMemory implements TopicTail.Watcher, AutoCloseable {
  private final RecentChanges changes = new RecentChanges();
  private final Rates rates = new Rates();
  private volatile boolean reachable = true;

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

  /** Whoever waits for more need not any longer. */
  @Override
  public void close() {
    changes.close();
  }
}
