package dev.perennial.bench.row;

import dev.perennial.bench.bed.Connections;
import dev.perennial.bench.bed.LogSize;
import dev.perennial.bench.bed.RedisMemory;
import dev.perennial.bench.bed.TestBed;
import dev.perennial.bench.bed.Worker;
import dev.perennial.bench.figure.Figure;
import dev.perennial.bench.figure.Spread;
import dev.perennial.event.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a connection takes up in Redis and on the topics, uncompressed, and how many a second the
 * credentials role brings back after Redis has lost everything.
 */
public final class Storage implements Measurement {
  private static final Duration LIFE = Duration.ofHours(1);

  @Override
  public List<String> rows() {
    return List.of("storage");
  }

  @Override
  public boolean quick() {
    return false;
  }

  @Override
  public List<Figure> measure(Run run) {
    int count = run.pace().quick() ? 10_000 : 100_000;
    run.say("storage: " + count + " connections in a Redis of their own");
    try (TestBed bed = run.bed("storage", TestBed.SHARDS);
        RedisMemory redis = new RedisMemory(bed.redis().uri());
        Worker _ = bed.worker("credentials", Map.of());
        Connections connections = new Connections(bed)) {
      connections.awaitHealed();
      Topics topics = new Topics(bed.config().topics().prefix());
      LogSize updated = new LogSize(bed.kafkaLogs(), topics.credentialsUpdated());
      LogSize due = new LogSize(bed.kafkaLogs(), topics.refreshDue());
      long memory = redis.used();
      connections.make(0, count, null, LIFE);
      double each = (double) (redis.used() - memory) / count;
      double record = (double) updated.bytes() / count;
      connections.sayDue(connections.states(0, count));
      double dueRecord = (double) due.bytes() / count;
      run.say("storage: Redis loses everything");
      long begin = System.nanoTime();
      redis.flush();
      connections.awaitHealed();
      double healed = count * 1e9 / (System.nanoTime() - begin);
      return List.of(
          Figure.beside("storage.redis_bytes", "B", Spread.once(each)),
          Figure.beside("storage.topic_bytes", "B", Spread.once(record)),
          Figure.beside("storage.due_bytes", "B", Spread.once(dueRecord)),
          Figure.beside("storage.healed_per_s", "1/s", Spread.once(healed)));
    }
  }
}
