package dev.perennial.app.role;

import dev.perennial.app.admin.Readiness.Check;
import dev.perennial.stream.ShardOwnership;

/** How roles that work by shard share them: by the assignment of a consumer group. */
final class Shares {
  private Shares() {}

  static ShardOwnership join(Foundation on, Role role) {
    return ShardOwnership.join(
        on.kafka,
        on.group(role),
        on.topics.credentialsUpdated(),
        on.config.kafka().sessionTimeout(),
        Settings.protocol(on.config),
        _ -> {},
        on.random,
        System::nanoTime);
  }

  /** A member without a shard is well too: there may be more members than shards. */
  static Check check(String role, ShardOwnership ownership) {
    return ownership.healthy()
        ? Check.up(role)
        : Check.down(role, "not in its consumer group yet, or Kafka went silent");
  }
}
