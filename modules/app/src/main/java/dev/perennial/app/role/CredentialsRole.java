package dev.perennial.app.role;

import dev.perennial.app.admin.Readiness.Check;
import dev.perennial.credentials.OutboxRound;
import dev.perennial.credentials.VanishedCodeRound;
import dev.perennial.stream.ShardLoop;
import dev.perennial.stream.ShardOwnership;
import java.time.Duration;
import java.util.List;

/**
 * Watches the outbox and the codes of the shards it owns; publishes what a process that died left
 * behind. The admin API is the same role's, on its own listener.
 */
final class CredentialsRole implements RunningRole {
  /** A living writer publishes within this. */
  private static final Duration LEFT_BEHIND = Duration.ofSeconds(5);

  private static final Duration TICK = Duration.ofSeconds(1);

  private final ShardOwnership ownership;
  private final ShardLoop loop;

  CredentialsRole(Foundation on) {
    this.ownership = Shares.join(on, Role.CREDENTIALS);
    OutboxRound outbox = new OutboxRound(on.store, on.publisher, LEFT_BEHIND);
    VanishedCodeRound codes = new VanishedCodeRound(on.codes, on.publisher, on.clock, LEFT_BEHIND);
    this.loop =
        ShardLoop.start(
            "credentials",
            ownership::owned,
            TICK,
            shard -> outbox.run(shard) + codes.run(shard) > 0);
  }

  @Override
  public List<Check> checks() {
    return List.of(Shares.check("credentials", ownership));
  }

  @Override
  public void close() {
    loop.close();
    ownership.close();
  }
}
