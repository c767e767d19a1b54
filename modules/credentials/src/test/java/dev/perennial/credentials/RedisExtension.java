package dev.perennial.credentials;

import dev.perennial.devstack.EmbeddedRedis;
import dev.perennial.domain.Shards;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One real Redis for the whole run, and a key prefix of its own for every test, with every shard
 * healed.
 */
final class RedisExtension implements ParameterResolver {
  static final Shards SHARDS = new Shards(4);

  private record Running(EmbeddedRedis server) implements AutoCloseable {
    @Override
    public void close() {
      server.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == RedisConnections.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Running running =
        context
            .getRoot()
            .getStore(ExtensionContext.Namespace.GLOBAL)
            .computeIfAbsent(
                Running.class, type -> new Running(EmbeddedRedis.startTemporary()), Running.class);
    String prefix = "test-" + Integer.toHexString(context.getUniqueId().hashCode());
    RedisConnections redis = new RedisConnections(RedisSettings.of(running.server().uri(), prefix));
    context.getStore(ExtensionContext.Namespace.create(RedisExtension.class)).put(prefix, redis);
    heal(redis);
    return redis;
  }

  /** As owners leave shards that have nothing on their topics; probes need not wait for them. */
  static void heal(RedisConnections redis) {
    RedisShards shards = new RedisShards(redis, SHARDS);
    for (int shard = 0; shard < SHARDS.count(); shard++) {
      RedisShards.View view = shards.attend(shard, "topic", "journal", Duration.ZERO);
      shards.ready(shard, view.run(), view.topicOffset(), Duration.ZERO, Duration.ZERO);
      shards.settled(shard, view.run(), view.now().plus(Duration.ofDays(1)));
    }
  }
}
