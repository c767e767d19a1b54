package dev.perennial.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.UnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ShardLoopTest {
  private static final Duration TICK = Duration.ofMillis(1);
  private static final Duration NEVER = Duration.ofHours(1);

  private final BlockingQueue<Integer> visits = new LinkedBlockingQueue<>();

  @Test
  void visitsEachOwnedShardOnceInARound() throws InterruptedException {
    try (ShardLoop _ = ShardLoop.start("test", () -> Set.of(1, 2), NEVER, this::visit)) {
      assertThat(List.of(next(), next())).containsExactlyInAnyOrder(1, 2);
    }
    assertThat(visits).isEmpty();
  }

  @Test
  void goesOnAtOnceWhereARoundLeftSomething() throws InterruptedException {
    AtomicInteger left = new AtomicInteger(3);
    ShardLoop.Work work =
        shard -> {
          visits.add(shard);
          return left.decrementAndGet() > 0;
        };
    try (ShardLoop _ = ShardLoop.start("test", () -> Set.of(7), NEVER, work)) {
      assertThat(List.of(next(), next(), next())).containsOnly(7);
    }
    assertThat(visits).isEmpty();
  }

  @Test
  void leavesAShardThatWentAwayDuringTheRound() throws InterruptedException {
    AtomicReference<Set<Integer>> owned = new AtomicReference<>(Set.of(1, 2));
    ShardLoop.Work work =
        shard -> {
          owned.set(Set.of());
          return visit(shard);
        };
    try (ShardLoop _ = ShardLoop.start("test", owned::get, NEVER, work)) {
      next();
    }
    assertThat(visits).isEmpty();
  }

  @Test
  void outlivesAnOutageAndAFault() throws InterruptedException {
    AtomicInteger runs = new AtomicInteger();
    ShardLoop.Work work =
        shard -> {
          visits.add(shard);
          return switch (runs.incrementAndGet()) {
            case 1 -> throw new UnavailableException("Redis is away");
            case 2 -> throw new IllegalStateException("a fault");
            default -> false;
          };
        };
    try (ShardLoop _ = ShardLoop.start("test", () -> Set.of(3), TICK, work)) {
      assertThat(List.of(next(), next(), next(), next())).containsOnly(3);
    }
  }

  @Test
  void aShardThatFailsDoesNotHoldUpTheOthers() throws InterruptedException {
    ShardLoop.Work work =
        shard -> {
          visits.add(shard);
          throw new UnavailableException("shard " + shard + " is away");
        };
    try (ShardLoop _ = ShardLoop.start("test", () -> Set.of(1, 2), NEVER, work)) {
      assertThat(List.of(next(), next())).containsExactlyInAnyOrder(1, 2);
    }
  }

  private boolean visit(int shard) {
    visits.add(shard);
    return false;
  }

  private int next() throws InterruptedException {
    return Objects.requireNonNull(visits.poll(5, TimeUnit.SECONDS), "no visit within 5 s");
  }
}
