package dev.perennial.app.role;

import dev.perennial.app.admin.Readiness.Check;
import dev.perennial.stream.ShardLoop;
import dev.perennial.stream.ShardOwnership;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Owns shards: heals Redis from the topics where it was restarted or lost data, applies the grant
 * journal, publishes what a process that died left behind, settles vanished codes; whoever owns the
 * first shard counts all connections. The admin API is the same role's, on its own listener.
 */
final class CredentialsRole implements RunningRole {
  private static final Duration TICK = Duration.ofMillis(200);

  private final ShardOwnership ownership;
  private final ShardOwners owners;
  private final ShardLoop loop;
  private final CensusLoop census;

  CredentialsRole(Foundation on) {
    this.ownership = Shares.join(on, Role.CREDENTIALS);
    this.owners = new ShardOwners(on);
    this.loop = ShardLoop.start("credentials", ownership::owned, TICK, owners::turn);
    this.census = CensusLoop.start(on, ownership::owned);
  }

  @Override
  public List<Check> checks() {
    return List.of(Shares.check("credentials", ownership), healed());
  }

  private Check healed() {
    Set<Integer> owned = ownership.owned();
    return owners.ready(owned)
        ? Check.up("healed")
        : Check.down("healed", "shards are being brought up to the topics");
  }

  @Override
  public void close() {
    census.close();
    loop.close();
    ownership.close();
    owners.close();
  }
}
