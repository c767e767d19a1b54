package dev.perennial.app.role;

import dev.perennial.app.admin.Readiness.Check;
import dev.perennial.stream.ShardOwnership;
import java.time.Duration;

/** How roles that work by shard share them: by the assignment of a consumer group. */
final class Shares {
  private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(10);

  private Shares() {}

  static ShardOwnership join(Foundation on, Role role) {
    return ShardOwnership.join(
        on.kafka,
        on.group(role),
        on.topics.credentialsUpdated(),
        SESSION_TIMEOUT,
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
