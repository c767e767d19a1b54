package dev.perennial.ingress;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.authorization.CodeRecords;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.event.Event;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** How far consents have come, as a test says. */
final class InMemoryCodes implements CodeRecords {
  private final Map<String, Progress> progress = new ConcurrentHashMap<>();
  volatile boolean down;

  void connect(ConnectionKey key, String authorization) {
    progress.put(key + " " + authorization, new Progress.Connected());
  }

  @Override
  public void fail(ConnectionKey key, String authorization, Reason reason) {
    answer();
    progress.putIfAbsent(key + " " + authorization, new Progress.Failed(reason));
  }

  @Override
  public Progress progress(ConnectionKey key, String authorization) {
    answer();
    return progress.getOrDefault(key + " " + authorization, new Progress.Pending());
  }

  @Override
  public CodeBegin begin(Event.CodeReceived code, String attempt) {
    throw new AssertionError("ingress never begins a code");
  }

  @Override
  public boolean advance(
      ConnectionKey key, String authorization, String attempt, int stage, @Nullable Sealed staged) {
    throw new AssertionError("ingress exchanges nothing");
  }

  @Override
  public List<Vanished> vanished(int shard, Instant before) {
    throw new AssertionError("ingress sweeps nothing");
  }

  private void answer() {
    if (down) {
      throw new UnavailableException("Redis at test:6379 does not answer");
    }
  }
}
