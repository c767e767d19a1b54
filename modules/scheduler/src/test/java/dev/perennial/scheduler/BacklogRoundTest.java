package dev.perennial.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.refresh.DueIndex;
import dev.perennial.domain.refresh.DueIndex.Backlog;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BacklogRoundTest {
  private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");

  private final Index index = new Index();
  private long now;
  private final BacklogRound round = new BacklogRound(index, Duration.ofSeconds(5), () -> now);

  @Test
  void theShardsThatAreAskedForAreAddedUp() {
    index.due.put(0, new Backlog(3, NOON));
    index.due.put(1, new Backlog(4, NOON.minusSeconds(9)));
    index.due.put(2, Backlog.NONE);
    List.of(0, 1, 2).forEach(round::run);
    assertThat(round.count(Set.of(0, 1, 2))).isEqualTo(7);
    assertThat(round.oldest(Set.of(0, 1, 2))).contains(NOON.minusSeconds(9));
    assertThat(round.count(Set.of(0))).isEqualTo(3);
    assertThat(round.oldest(Set.of(2, 3))).isEmpty();
  }

  @Test
  void aShardIsLookedAtFromTimeToTime() {
    round.run(0);
    now += Duration.ofSeconds(5).toNanos() - 1;
    round.run(0);
    assertThat(index.looks).isEqualTo(1);
    now += 1;
    round.run(0);
    assertThat(index.looks).isEqualTo(2);
  }

  private static final class Index implements DueIndex {
    private final Map<Integer, Backlog> due = new HashMap<>();
    private int looks;

    @Override
    public List<Due> claim(int shard, int max, Duration reemit) {
      return List.of();
    }

    @Override
    public Backlog backlog(int shard) {
      looks++;
      return due.getOrDefault(shard, Backlog.NONE);
    }
  }
}
