package dev.perennial.credentials;

import dev.perennial.domain.Shards;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which process holds which keys, as each of them says again and again; one that was not heard of
 * for {@link #KEEP} is taken for gone. Thread-safe.
 */
public final class RedisKeyHolders {
  /** How long a process counts after it was heard of. */
  public static final Duration KEEP = Duration.ofSeconds(30);

  private static final int MOST_ID = 200;

  private final RedisConnections redis;
  private final Keys keys;

  public RedisKeyHolders(RedisConnections redis, Shards shards) {
    this.redis = redis;
    this.keys = new Keys(redis.settings().prefix(), shards);
  }

  /**
   * What is known, and at what time on Redis's clock.
   *
   * @param holders by name
   */
  public record Known(Instant now, List<KeyHolder> holders) {}

  /** Says that a process holds these keys; {@link KeyHolder#since()} is Redis's to know. */
  public void announce(KeyHolder holder) {
    String ids = holder.keyIds().stream().map(String::valueOf).collect(Collectors.joining(","));
    String what =
        String.join(
            " ",
            Long.toString(holder.primary()),
            ids,
            holder.live() ? "live" : "fixed",
            holder.roles());
    run(holder.process(), what);
  }

  /** Says that a process has ended. */
  public void leave(String process) {
    run(process, "");
  }

  private void run(String process, String what) {
    redis.run(
        Script.ANNOUNCE,
        Arguments.keys(keys.keyHolders()),
        new Arguments().text(process).text(what).millis(KEEP).list());
  }

  /** Who was heard of lately. */
  public Known known() {
    Reply reply = redis.run(Script.HOLDERS, Arguments.keys(keys.keyHolders()), List.of());
    Instant now = reply.instant(0);
    List<String> pairs = reply.nested(1).texts().toList();
    List<KeyHolder> holders = new ArrayList<>();
    for (int i = 0; i + 1 < pairs.size(); i += 2) {
      add(pairs.get(i), pairs.get(i + 1), now, holders);
    }
    holders.sort(Comparator.comparing(KeyHolder::process));
    return new Known(now, List.copyOf(holders));
  }

  /** Seen, since, primary, keys, live or fixed, roles. */
  private static void add(String process, String value, Instant now, List<KeyHolder> holders) {
    String[] parts = value.split(" ", 6);
    if (parts.length < 6 || Instant.ofEpochMilli(number(parts[0])).plus(KEEP).isBefore(now)) {
      return;
    }
    holders.add(
        new KeyHolder(
            process,
            parts[5],
            Arrays.stream(parts[3].split(",", MOST_ID)).map(RedisKeyHolders::number).toList(),
            number(parts[2]),
            parts[4].equals("live"),
            Instant.ofEpochMilli(number(parts[1]))));
  }

  private static long number(String text) {
    return Long.parseLong(text);
  }
}
