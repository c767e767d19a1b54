package dev.perennial.e2e;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisMonitor;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * The permits that were given under the rate limits of an integration, as Redis itself saw them
 * ({@code MONITOR}): by its clock, whoever asked. One that was asked for again, because its request
 * could not be written soon after, counts from the last time.
 */
final class Permits implements AutoCloseable {
  private final URI redis;
  private final Jedis jedis;
  private final Pattern permit;
  private final Map<String, Instant> given = new HashMap<>(); // by the name of the request
  private final Thread reader;
  private volatile String echo = ""; // the last one that was heard

  private Permits(URI redis, String integration) {
    this.redis = redis;
    jedis = new Jedis(redis);
    permit =
        Pattern.compile(
            "\"ZADD\" \"[^\"]*limit:%s[^\"]*\" \"(\\d+)\" \"([^\"]+)\""
                .formatted(Pattern.quote(integration)),
            Pattern.CASE_INSENSITIVE);
    reader = Thread.ofVirtual().start(this::read);
  }

  /** Returns once Redis tells of everything that comes. */
  static Permits watch(Servers servers, String integration) {
    Permits permits = new Permits(servers.redis(), integration);
    permits.catchUp();
    return permits;
  }

  private void read() {
    try {
      jedis.monitor(
          new JedisMonitor() {
            @Override
            public void onCommand(String command) {
              note(command);
            }
          });
    } catch (JedisConnectionException e) {
      // closed: this is how it ends
    }
  }

  private synchronized void note(String command) {
    if (command.contains("\"ECHO\"")) {
      echo = command;
    }
    Matcher matcher = permit.matcher(command);
    if (matcher.find()) {
      given.put(
          Objects.requireNonNull(matcher.group(2)),
          Instant.ofEpochMilli(Long.parseLong(Objects.requireNonNull(matcher.group(1)))));
    }
  }

  /** Until what this says to Redis itself has been heard. */
  private void catchUp() {
    try (Jedis other = new Jedis(redis)) {
      String mark = UUID.randomUUID().toString();
      Await.until(
          "the monitor of Redis",
          () -> {
            other.echo(mark);
            return echo.contains(mark);
          });
    }
  }

  /** So far, in the order of time. */
  List<Instant> given() {
    catchUp();
    synchronized (this) {
      return given.values().stream().sorted().toList();
    }
  }

  /** The most that one window of this length had, wherever it begins. */
  static int most(List<Instant> sorted, Duration window) {
    int most = 0;
    for (int first = 0; first < sorted.size(); first++) {
      Instant end = sorted.get(first).plus(window);
      int last = first;
      while (last < sorted.size() && sorted.get(last).isBefore(end)) {
        last++;
      }
      most = Math.max(most, last - first);
    }
    return most;
  }

  @Override
  public void close() {
    jedis.disconnect();
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
