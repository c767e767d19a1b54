package dev.perennial.credentials;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import redis.clients.jedis.exceptions.JedisDataException;

/** Steps of one script and one shard, done by one run of it. At least one. */
record StepBatch(List<Step> steps) {

  /** A run of a script holds up all of Redis: one millisecond for so many, or two. */
  static final int MOST = 32;

  private record Kind(Script script, int shard) {}

  /** All of them in as few runs as may be, of each kind in their order. */
  static List<StepBatch> of(List<Step> steps) {
    List<StepBatch> batches = new ArrayList<>();
    Map<Kind, StepBatch> open = new LinkedHashMap<>();
    for (Step step : steps) {
      Kind kind = new Kind(step.script(), step.shard());
      StepBatch batch = open.get(kind);
      if (batch == null || batch.steps.size() == MOST) {
        batch = new StepBatch(new ArrayList<>());
        batches.add(batch);
        open.put(kind, batch);
      }
      batch.steps.add(step);
    }
    return batches;
  }

  Script script() {
    return steps.getFirst().script();
  }

  /** Of the first all, of the others the connection's hash. */
  List<byte[]> keys() {
    List<byte[]> keys = new ArrayList<>(steps.getFirst().keys());
    steps.stream().skip(1).forEach(step -> keys.add(step.keys().getFirst()));
    return keys;
  }

  /** What the shard's keys start with; then for each step how many arguments, and those. */
  List<byte[]> args() {
    Arguments all = new Arguments().bytes(steps.getFirst().args().getFirst());
    for (Step step : steps) {
      List<byte[]> own = step.args().subList(1, step.args().size());
      all.number(own.size());
      own.forEach(all::bytes);
    }
    return all.list();
  }

  /**
   * @param replies one for each step, its answer or what went wrong with it alone
   * @param fault what that is to whoever asked
   */
  void answered(Reply replies, Function<JedisDataException, RuntimeException> fault) {
    for (int i = 0; i < steps.size(); i++) {
      if (replies.values().get(i) instanceof JedisDataException wrong) {
        steps.get(i).failed(fault.apply(wrong));
      } else {
        steps.get(i).answered(replies.nested(i));
      }
    }
  }

  void failed(RuntimeException why) {
    steps.forEach(step -> step.failed(why));
  }
}
