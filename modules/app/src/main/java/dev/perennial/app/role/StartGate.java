package dev.perennial.app.role;

import dev.perennial.credentials.RedisStartCheck;
import dev.perennial.domain.UnavailableException;
import dev.perennial.sealing.LiveKeyRing;
import dev.perennial.stream.TopicAdmin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the roles begin once Redis and Kafka answer and are set up as the protocol needs them. What
 * is away is waited for; what is wrong is a {@link StartProblems}.
 */
final class StartGate {
  private static final Logger LOG = LoggerFactory.getLogger(StartGate.class);
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final long LONGEST_PAUSE_MS = 10_000;

  private final Foundation on;
  private final LiveKeyRing ring;
  private final CountDownLatch stop = new CountDownLatch(1);

  StartGate(Foundation on, LiveKeyRing ring) {
    this.on = on;
    this.ring = ring;
  }

  /**
   * Returns once all is well.
   *
   * @return false where {@link #cancel} came first
   * @throws StartProblems where waiting would not help
   */
  boolean pass() {
    TopicAdmin kafka = new TopicAdmin(on.kafka, LIMIT);
    while (waitFor("Redis at " + on.config.redis().uri(), on.redis::answers)
        && waitFor(
            "Kafka at " + on.config.kafka().bootstrapServers(), () -> kafka.reachable(LIMIT))) {
      try {
        check(on);
        checkRing();
        return true;
      } catch (UnavailableException e) { // gone again
        LOG.warn("{}; waiting for it", e.getMessage());
      }
    }
    return false;
  }

  private void checkRing() {
    List<String> problems = KeyRingCheck.problems(ring.look(), on.redis, on.shards);
    if (!problems.isEmpty()) {
      throw new StartProblems(problems);
    }
  }

  /** Ends a wait. */
  void cancel() {
    stop.countDown();
  }

  private boolean waitFor(String what, BooleanSupplier answers) {
    long pause = 500;
    boolean said = false;
    while (!answers.getAsBoolean()) {
      if (!said) {
        LOG.warn("{} does not answer; waiting for it", what);
        said = true;
      }
      if (Waiting.forStop(stop, Duration.ofMillis(pause))) {
        return false;
      }
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
    if (said) {
      LOG.info("{} answers", what);
    }
    return stop.getCount() > 0;
  }

  /**
   * One look, without waiting.
   *
   * @throws StartProblems where something is wrong
   * @throws UnavailableException where Redis or Kafka does not answer
   */
  static void check(Foundation on) {
    RedisStartCheck.Findings redis = RedisStartCheck.of(on.redis, on.shards);
    redis.warnings().forEach(LOG::warn);
    List<String> problems = new ArrayList<>(redis.problems());
    problems.addAll(new TopicAdmin(on.kafka, LIMIT).check(Settings.topics(on.config)));
    if (!problems.isEmpty()) {
      throw new StartProblems(problems);
    }
  }
}
