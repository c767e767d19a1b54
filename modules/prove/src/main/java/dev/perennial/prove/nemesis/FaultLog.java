package dev.perennial.prove.nemesis;

import dev.perennial.prove.guarantee.Disturbance;
import dev.perennial.prove.guarantee.Disturbance.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What was made to go wrong, as the judge needs it. Thread-safe. */
public final class FaultLog {
  private final List<Entry> entries = new ArrayList<>();

  /** Something that is going on. Not over until it is closed. */
  public final class Entry implements AutoCloseable {
    private final Kind kind;
    private final String target;
    private final Instant from;
    private Instant to = Instant.MAX;

    private Entry(Kind kind, String target) {
      this.kind = kind;
      this.target = target;
      this.from = Instant.now();
    }

    @Override
    public void close() {
      synchronized (FaultLog.this) {
        to = Instant.now();
      }
    }
  }

  /** Says, before it is done, what is about to go wrong. */
  public synchronized Entry begin(Kind kind, String target) {
    Entry entry = new Entry(kind, target);
    entries.add(entry);
    return entry;
  }

  /** All of it, also what is not over. */
  public synchronized List<Disturbance> disturbances() {
    return entries.stream()
        .map(entry -> new Disturbance(entry.kind, entry.target, entry.from, entry.to))
        .toList();
  }
}
