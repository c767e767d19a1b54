package dev.perennial.exchanger;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.authorization.CodeRecords;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.event.Event;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The begin records of codes in memory. */
final class MemoryCodes implements CodeRecords {
  final Outage outage = new Outage();
  private final InstantSource clock;
  private final MemoryStore store;

  /** Whether records may have been lost since the callback. */
  boolean lost;

  /** How far an exchange has come; whoever asks after its lease goes on from there. */
  private final Map<String, Stage> stages = new ConcurrentHashMap<>();

  private final Map<String, String> begun = new ConcurrentHashMap<>();
  private final Map<String, Reason> failed = new ConcurrentHashMap<>();

  /**
   * @param store whose put settles a code, as the real one does
   */
  MemoryCodes(InstantSource clock, MemoryStore store) {
    this.clock = clock;
    this.store = store;
  }

  @Override
  public CodeBegin begin(Event.CodeReceived code, String attempt) {
    String authorization = code.authorization();
    return outage.step(
        "begin",
        () -> {
          Reason reason = failed.get(authorization);
          if (reason != null) {
            return new CodeBegin.Failed(reason);
          }
          if (begun.containsKey(authorization) && store.holds(code.key(), code.grant())) {
            return new CodeBegin.Connected();
          }
          if (lost) {
            return new CodeBegin.Lost();
          }
          String first = begun.putIfAbsent(authorization, attempt);
          Stage stage = stages.get(authorization);
          boolean ours = first == null || first.equals(attempt);
          boolean over = stage != null && !stage.leaseUntil().isAfter(clock.instant());
          if (!ours && !over) {
            return new CodeBegin.InFlight();
          }
          begun.put(authorization, attempt);
          return stage == null
              ? new CodeBegin.Begun(clock.instant(), attempt, 0, null)
              : new CodeBegin.Begun(clock.instant(), attempt, stage.number(), stage.staged());
        });
  }

  @Override
  public boolean advance(
      ConnectionKey key, String authorization, String attempt, int stage, @Nullable Sealed staged) {
    return outage.step(
        "advance",
        () -> {
          if (!attempt.equals(begun.get(authorization)) || failed.containsKey(authorization)) {
            return false;
          }
          Instant leaseUntil = clock.instant().plusSeconds(60);
          stages.merge(
              authorization,
              new Stage(stage, staged, leaseUntil),
              (old, now) ->
                  new Stage(
                      now.number(),
                      now.staged() == null ? old.staged() : now.staged(),
                      leaseUntil));
          return true;
        });
  }

  private record Stage(int number, @Nullable Sealed staged, Instant leaseUntil) {}

  @Override
  public void fail(ConnectionKey key, String authorization, Reason reason) {
    outage.step("fail", () -> failed.computeIfAbsent(authorization, _ -> reason));
  }

  @Override
  public Progress progress(ConnectionKey key, String authorization) {
    Reason reason = failed.get(authorization);
    return reason == null ? new Progress.Pending() : new Progress.Failed(reason);
  }

  @Override
  public List<Vanished> vanished(int shard, Instant before) {
    throw new UnsupportedOperationException("not the exchanger's");
  }
}
