package dev.perennial.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.RefreshDue;
import dev.perennial.domain.refresh.DueIndex;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DueRoundTest {
  private static final Instant NOW = Instant.parse("2026-05-01T10:00:00Z");
  private static final Duration REEMIT = Duration.ofSeconds(150);

  private final HandCrankedIndex index = new HandCrankedIndex();
  private final List<Event> said = new ArrayList<>();
  private final DueRound round =
      new DueRound(index, said::add, InstantSource.fixed(NOW), 2, REEMIT);

  @Test
  void saysWhatIsDueWithTheVersionItWasClaimedAt() {
    index.due(3, "google/acme", 7);
    assertThat(round.run(3)).isFalse();
    assertThat(said)
        .containsExactly(
            new RefreshDue(ConnectionKey.parse("google/acme"), 7, RefreshDue.Cause.SCHEDULED, NOW));
  }

  @Test
  void saysNothingForAShardWithNothingDue() {
    index.due(3, "google/acme", 7);
    assertThat(round.run(4)).isFalse();
    assertThat(said).isEmpty();
  }

  @Test
  void askedForMoreWhereTheClaimWasFull() {
    index.due(0, "a/1", 1);
    index.due(0, "a/2", 1);
    index.due(0, "a/3", 1);
    assertThat(round.run(0)).isTrue();
    assertThat(round.run(0)).isFalse();
    assertThat(said).hasSize(3);
  }

  @Test
  void aClaimWhoseEventIsLostIsForTheIndexToRepeat() {
    index.due(0, "a/1", 1);
    DueRound unlucky =
        new DueRound(
            index,
            event -> {
              throw new UnavailableException("Kafka is away");
            },
            InstantSource.fixed(NOW),
            2,
            REEMIT);
    assertThatThrownBy(() -> unlucky.run(0)).isInstanceOf(UnavailableException.class);
    assertThat(index.reemits).containsExactly(REEMIT);
  }

  /** Gives each entry out once and notes for how long it was asked to keep quiet. */
  private static final class HandCrankedIndex implements DueIndex {
    private final Map<Integer, Deque<Due>> due = new HashMap<>();
    private final List<Duration> reemits = new ArrayList<>();

    void due(int shard, String key, long version) {
      due.computeIfAbsent(shard, s -> new ArrayDeque<>())
          .add(new Due(ConnectionKey.parse(key), version, NOW));
    }

    @Override
    public List<Due> claim(int shard, int max, Duration reemit) {
      Deque<Due> waiting = due.getOrDefault(shard, new ArrayDeque<>());
      List<Due> claimed = new ArrayList<>();
      while (!waiting.isEmpty() && claimed.size() < max) {
        claimed.add(waiting.remove());
        reemits.add(reemit);
      }
      return claimed;
    }

    @Override
    public Backlog backlog(int shard) {
      int count = due.getOrDefault(shard, new ArrayDeque<>()).size();
      return count == 0 ? Backlog.NONE : new Backlog(count, NOW);
    }
  }
}
