package dev.perennial.app.role;

import dev.perennial.app.admin.Readiness.Check;
import dev.perennial.scheduler.DueRound;
import dev.perennial.stream.ShardLoop;
import dev.perennial.stream.ShardOwnership;
import java.util.List;

/** Watches the due index of the shards it owns; writes {@code refresh-due}. */
final class SchedulerRole implements RunningRole {
  private final ShardOwnership ownership;
  private final ShardLoop loop;

  SchedulerRole(Foundation on) {
    this.ownership = Shares.join(on, Role.SCHEDULER);
    DueRound round =
        new DueRound(
            on.due,
            on.publisher,
            on.clock,
            on.config.scheduler().claim(),
            on.config.refresh().reemit());
    this.loop =
        ShardLoop.start("scheduler", ownership::owned, on.config.scheduler().tick(), round::run);
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
