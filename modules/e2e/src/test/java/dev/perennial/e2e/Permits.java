package dev.perennial.e2e;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisMonitor;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * The permits that were given under the rate limits of an integration, as Redis itself saw them
 * ({@code MONITOR}): by its clock, whoever asked.
 */
final class Permits implements AutoCloseable {
  private final Jedis jedis;
  private final Pattern permit;
  private final CountDownLatch began = new CountDownLatch(1);
  private final List<Instant> given = new ArrayList<>();
  private final Thread reader;

  private Permits(URI redis, String integration) {
    jedis = new Jedis(redis);
    permit =
        Pattern.compile(
            "\"ZADD\" \"[^\"]*limit:%s[^\"]*\" \"(\\d+)\"".formatted(Pattern.quote(integration)),
            Pattern.CASE_INSENSITIVE);
    reader = Thread.ofVirtual().start(this::read);
  }

  /** Returns once Redis tells of everything that comes. */
  static Permits watch(Servers servers, String integration) {
    Permits permits = new Permits(servers.redis(), integration);
    try (Jedis other = new Jedis(servers.redis())) {
      Await.until(
          "the monitor of Redis",
          () -> {
            other.ping();
            return permits.began.getCount() == 0;
          });
    }
    return permits;
  }

  private void read() {
    try {
      jedis.monitor(
          new JedisMonitor() {
            @Override
            public void onCommand(String command) {
              began.countDown();
              note(command);
            }
          });
    } catch (JedisConnectionException e) {
      // closed: this is how it ends
    }
  }

  private synchronized void note(String command) {
    Matcher matcher = permit.matcher(command);
    if (matcher.find()) {
      given.add(Instant.ofEpochMilli(Long.parseLong(Objects.requireNonNull(matcher.group(1)))));
    }
  }

  /** So far, in the order of time. */
  synchronized List<Instant> given() {
    return given.stream().sorted().toList();
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
