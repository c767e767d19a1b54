package dev.perennial.credentials;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.NotReadyException;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs scripts of one connection with the keys and arguments that their prelude expects; throws
 * {@link NotReadyException} where the shard is fenced off.
 */
record ConnectionScripts(RedisConnections redis, Keys keys) {

  /** Arguments that start with what the prelude reads. */
  Arguments arguments(ConnectionKey key) {
    return new Arguments().text(keys.base(key)).text(key.toString());
  }

  Reply run(Script script, ConnectionKey key, Arguments arguments) {
    return checked(key, redis.run(step(script, key, arguments)));
  }

  /** A script without arguments of its own and without a fence, for each of them. */
  List<Reply> runAll(Script script, List<ConnectionKey> all) {
    return redis.runAll(
        script, all.stream().map(key -> step(script, key, arguments(key))).toList());
  }

  /** A fenced script for each of them, with arguments that begin with what the prelude reads. */
  List<Reply> runAll(Script script, List<ConnectionKey> all, List<Arguments> arguments) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      steps.add(step(script, all.get(i), arguments.get(i)));
    }
    List<Reply> replies = redis.runAll(script, steps);
    for (int i = 0; i < replies.size(); i++) {
      checked(all.get(i), replies.get(i));
    }
    return replies;
  }

  private Step step(Script script, ConnectionKey key, Arguments arguments) {
    List<byte[]> two = Arguments.keys(keys.connection(key), keys.shard(key));
    return new Step(script, keys.shardOf(key), two, arguments.list());
  }

  private Reply checked(ConnectionKey key, Reply reply) {
    if (reply.verdict().equals("not_ready")) {
      throw new NotReadyException(
          redis.settings()
              + ": shard "
              + keys.shardOf(key)
              + " waits to be healed by a credentials role");
    }
    return reply;
  }

  /** A script that reads across a shard; the arguments start with the shard's base. */
  Reply run(Script script, int shard, Arguments arguments) {
    return redis.run(script, Arguments.keys(keys.shard(shard)), arguments.list());
  }

  Arguments arguments(int shard) {
    return new Arguments().text(keys.base(shard));
  }

  static IllegalStateException unknown(Script script, Reply reply) {
    return new IllegalStateException("script " + script + " answered " + reply.verdict());
  }
}
