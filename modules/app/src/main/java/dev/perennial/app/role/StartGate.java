package dev.perennial.app.role;

import dev.perennial.credentials.RedisStartCheck;
import dev.perennial.domain.UnavailableException;
import dev.perennial.sealing.LiveKeyRing;
import dev.perennial.stream.TopicAdmin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the roles begin once Redis and Kafka answer and are set up as the protocol needs them. What
 * is away is waited for; what is wrong is a {@link StartProblems}.
 */
final class StartGate {
  private static final Logger LOG = LoggerFactory.getLogger(StartGate.class);
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final long LONGEST_PAUSE_MS = 10_000;

  private final Foundation on;
  private final LiveKeyRing ring;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final FutureTask<Boolean> looking = new FutureTask<>(this::look);

  StartGate(Foundation on, LiveKeyRing ring) {
    this.on = on;
    this.ring = ring;
  }

  /** Begins to look, on a thread of its own. */
  void begin() {
    Thread.ofVirtual().name("start").start(looking);
  }

  /**
   * Returns once all is well. It has to have {@link #begin begun}.
   *
   * @return false where {@link #cancel} came first
   * @throws StartProblems where waiting would not help
   */
  boolean pass() {
    try {
      return looking.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean look() {
    AtomicReference<List<String>> topics = new AtomicReference<>(List.of());
    while (waitFor("Redis at " + on.config.redis().uri(), this::askRedis)
        && waitFor(
            "Kafka at " + on.config.kafka().bootstrapServers(), () -> topics.set(topics(on)))) {
      try {
        refuse(on, topics.get());
        checkRing();
        return true;
      } catch (UnavailableException e) { // gone again
        LOG.warn("{}; waiting for it", e.getMessage());
        if (Waiting.forStop(stop, FIRST_PAUSE)) {
          return false;
        }
      }
    }
    return false;
  }

  private void askRedis() {
    if (!on.redis.answers()) {
      throw new UnavailableException("Redis at " + on.config.redis().uri() + " does not answer");
    }
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

  /**
   * @param ask throws {@link UnavailableException}, with the cause, while there is no answer
   */
  private boolean waitFor(String what, Runnable ask) {
    boolean said = false;
    for (long pause = FIRST_PAUSE.toMillis(); ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        ask.run();
        break;
      } catch (UnavailableException e) {
        if (!said) {
          LOG.warn("{}; waiting for it", e.getMessage());
          said = true;
        }
      }
      if (Waiting.forStop(stop, Duration.ofMillis(pause))) {
        return false;
      }
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
    refuse(on, topics(on));
  }

  /** What is wrong with the topics. */
  private static List<String> topics(Foundation on) {
    return new TopicAdmin(on.kafka, LIMIT).check(Settings.topics(on.config));
  }

  private static void refuse(Foundation on, List<String> topics) {
    RedisStartCheck.Findings redis = RedisStartCheck.of(on.redis, on.shards);
    redis.warnings().forEach(LOG::warn);
    List<String> problems = new ArrayList<>(redis.problems());
    problems.addAll(topics);
    if (!problems.isEmpty()) {
      throw new StartProblems(problems);
    }
  }
}
