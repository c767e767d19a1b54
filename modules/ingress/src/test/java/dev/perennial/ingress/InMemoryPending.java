package dev.perennial.ingress;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.NotReadyException;
import dev.perennial.domain.Secret;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.authorization.PendingAuthorization;
import dev.perennial.domain.authorization.PendingAuthorizations;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** States in a map; {@link #down} makes it a Redis that does not answer. */
final class InMemoryPending implements PendingAuthorizations {
  private static final class Entry {
    final PendingAuthorization pending;
    final Instant goodUntil;
    @Nullable String holder;
    Instant heldUntil = Instant.EPOCH;
    boolean spent;

    Entry(PendingAuthorization pending, Instant goodUntil) {
      this.pending = pending;
      this.goodUntil = goodUntil;
    }
  }

  private final TestClock clock;
  private final Map<Secret, Entry> entries = new HashMap<>();
  private long grant = 1000;
  volatile boolean down;
  volatile boolean spendingDown;

  /** The next grants are refused, since the shard waits to be healed. */
  final AtomicInteger fenced = new AtomicInteger();

  InMemoryPending(TestClock clock) {
    this.clock = clock;
  }

  @Override
  public synchronized void add(Secret state, PendingAuthorization pending, Duration valid) {
    answer();
    entries.put(state, new Entry(pending, clock.instant().plus(valid)));
  }

  @Override
  public synchronized Hold hold(Secret state, String holder, Duration most) {
    answer();
    Entry entry = entries.get(state);
    if (entry == null) {
      return new Hold.Unknown();
    }
    if (entry.spent) {
      return new Hold.Spent(entry.pending.key(), entry.pending.id());
    }
    Instant now = clock.instant();
    if (!now.isBefore(entry.goodUntil)) {
      return new Hold.Expired(entry.pending.key());
    }
    if (entry.holder != null && now.isBefore(entry.heldUntil)) {
      return new Hold.Busy();
    }
    entry.holder = holder;
    entry.heldUntil = now.plus(most);
    return new Hold.Held(entry.pending);
  }

  @Override
  public synchronized void release(Secret state, String holder) {
    answer();
    Entry entry = entries.get(state);
    if (entry != null && holder.equals(entry.holder)) {
      entry.holder = null;
    }
  }

  @Override
  public synchronized void spend(Secret state, String holder) {
    answer();
    if (spendingDown) {
      throw new UnavailableException("Redis at test:6379 does not answer");
    }
    Entry entry = entries.get(state);
    if (entry != null && holder.equals(entry.holder)) {
      entry.spent = true;
    }
  }

  @Override
  public synchronized Grant nextGrant(ConnectionKey key) {
    answer();
    if (fenced.getAndUpdate(left -> Math.max(left - 1, 0)) > 0) {
      throw new NotReadyException("Redis at test:6379: the shard waits to be healed");
    }
    return new Grant(++grant, "healing");
  }

  /** What is remembered for a state that was given out. */
  synchronized PendingAuthorization of(String state) {
    Entry entry = entries.get(Secret.of(state));
    if (entry == null) {
      throw new AssertionError("this state was never given out");
    }
    return entry.pending;
  }

  synchronized int size() {
    return entries.size();
  }

  private void answer() {
    if (down) {
      throw new UnavailableException("Redis at test:6379 does not answer");
    }
  }
}
