package dev.perennial.app.role;

import dev.perennial.app.admin.Readiness.Check;
import dev.perennial.scheduler.BacklogRound;
import dev.perennial.scheduler.DueRound;
import dev.perennial.stream.ShardLoop;
import dev.perennial.stream.ShardOwnership;
import java.time.Duration;
import java.util.List;

/** Watches the due index of the shards it owns; writes {@code refresh-due}. */
final class SchedulerRole implements RunningRole {
  private static final Duration BACKLOG_EVERY = Duration.ofSeconds(5);

  private final ShardOwnership ownership;
  private final ShardLoop loop;

  SchedulerRole(Foundation on) {
    this.ownership = Shares.join(on, Role.SCHEDULER);
    DueRound round =
        new DueRound(
            on.due,
            on.events,
            on.clock,
            on.config.scheduler().claim(),
            on.config.refresh().reemit());
    BacklogRound backlog = new BacklogRound(on.due, BACKLOG_EVERY, System::nanoTime);
    on.shardMeters.scheduler(ownership::owned, backlog);
    this.loop =
        ShardLoop.start(
            "scheduler",
            ownership::owned,
            on.config.scheduler().tick(),
            shard -> {
              backlog.run(shard); // first: it must be seen where nothing can be said
              return round.run(shard);
            });
  }

  @Override
  public List<Check> checks() {
    return List.of(Shares.check("scheduler", ownership));
  }

  @Override
  public void close() {
    loop.close();
    ownership.close();
  }
}
