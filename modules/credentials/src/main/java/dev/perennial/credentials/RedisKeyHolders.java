package dev.perennial.credentials;

import dev.perennial.domain.Shards;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
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

  private final Announcements announcements;

  public RedisKeyHolders(RedisConnections redis, Shards shards) {
    String hash = new Keys(redis.settings().prefix(), shards).keyHolders();
    this.announcements = new Announcements(redis, hash, KEEP);
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
    announcements.say(holder.process(), what);
  }

  /** Says that a process has ended. */
  public void leave(String process) {
    announcements.leave(process);
  }

  /** Who was heard of lately. */
  public Known known() {
    Announcements.Known known = announcements.known();
    List<KeyHolder> holders = new ArrayList<>();
    known.said().forEach((process, said) -> add(process, said, holders));
    return new Known(known.now(), List.copyOf(holders));
  }

  /** Primary, keys, live or fixed, roles. */
  private static void add(String process, Announcements.Said said, List<KeyHolder> holders) {
    String[] parts = said.what().split(" ", 4);
    if (parts.length < 4) {
      return;
    }
    holders.add(
        new KeyHolder(
            process,
            parts[3],
            Arrays.stream(parts[1].split(",", MOST_ID)).map(Long::parseLong).toList(),
            Long.parseLong(parts[0]),
            parts[2].equals("live"),
            Instant.ofEpochMilli(said.since())));
  }
}
