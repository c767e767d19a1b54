package dev.perennial.app.role;

import dev.perennial.credentials.KeyHolder;
import dev.perennial.credentials.RedisKeyHolders;
import dev.perennial.domain.UnavailableException;
import dev.perennial.sealing.KeyRing;
import dev.perennial.sealing.LiveKeyRing;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up a changed key ring within a second, and says in Redis which keys this process holds: at
 * once when they change, and every few seconds, so that a rotation knows whom to wait for.
 */
final class KeyRingWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeyRingWatch.class);
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration SAY = Duration.ofSeconds(5);

  private final LiveKeyRing ring;
  private final RedisKeyHolders holders;
  private final String process;
  private final String roles;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;

  KeyRingWatch(LiveKeyRing ring, RedisKeyHolders holders, Set<Role> roles, RandomGenerator random) {
    this.ring = ring;
    this.holders = holders;
    this.process = ProcessName.of(random);
    this.roles = Role.ordered(roles).stream().map(Role::text).collect(Collectors.joining(","));
    this.thread = Thread.ofVirtual().name("key-ring").unstarted(this::run);
  }

  /** From here on. */
  void start() {
    thread.start();
  }

  private void run() {
    KeyRing said = null;
    long rounds = SAY.dividedBy(LOOK);
    for (long round = 0; !Waiting.forStop(stop, LOOK); round++) {
      KeyRing now = ring.look();
      if (now != said || round % rounds == 0) {
        said = say(now);
      }
    }
  }

  /** Null where Redis did not hear it: it is said again. */
  private @Nullable KeyRing say(KeyRing now) {
    try {
      holders.announce(
          new KeyHolder(
              process, roles, now.keyIds(), now.primaryKeyId(), ring.isLive(), Instant.EPOCH));
      return now;
    } catch (UnavailableException e) {
      LOG.debug("which keys are held here could not be said: {}", e.getMessage());
      return null;
    }
  }

  @Override
  public void close() {
    if (thread.getState() == Thread.State.NEW) {
      return;
    }
    stop.countDown();
    Waiting.forEnd(thread);
    try {
      holders.leave(process);
    } catch (UnavailableException e) {
      LOG.debug("not said that this process holds no keys any more: {}", e.getMessage());
    }
  }
}
