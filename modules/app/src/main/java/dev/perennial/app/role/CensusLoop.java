package dev.perennial.app.role;

import dev.perennial.app.metric.CensusMeters;
import dev.perennial.credentials.RedisCensuses;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.credential.Census;
import dev.perennial.domain.definition.Integrations;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts all connections from time to time, on one thread of its own, where the first shard is
 * ours: one process does it for all. Between two pages it rests four times as long as the page
 * took, so that a count of millions leaves Redis to those who refresh. Thread-safe.
 */
final class CensusLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CensusLoop.class);
  private static final int REST = 4;

  /** How often it is asked whether the shard is ours and the time has come. */
  private static final Duration LOOK = Duration.ofMillis(500);

  private final RedisCensuses censuses;
  private final Integrations integrations;
  private final InstantSource clock;
  private final Duration every;
  private final Supplier<Set<Integer>> owned;
  private final Consumer<Optional<Census>> told;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = Thread.ofVirtual().name("census").unstarted(this::loop);
  private @Nullable Census ours;
  private boolean said;

  private CensusLoop(Foundation on, Supplier<Set<Integer>> owned) {
    this.censuses = on.censuses;
    this.integrations = on.integrations;
    this.clock = on.clock;
    this.every = on.config.metrics().censusEvery();
    this.owned = owned;
    this.told = new CensusMeters(on.meters);
  }

  /** Begins at once. */
  static CensusLoop start(Foundation on, Supplier<Set<Integer>> owned) {
    CensusLoop loop = new CensusLoop(on, owned);
    loop.thread.start();
    return loop;
  }

  private boolean isOurs() {
    return owned.get().contains(0);
  }

  private void loop() {
    while (!Waiting.forStop(stop, LOOK)) {
      try {
        look();
      } catch (UnavailableException e) {
        tell(e.getMessage());
      } catch (RuntimeException e) {
        tell(e.toString());
      }
    }
  }

  private void look() {
    if (!isOurs()) {
      keep(null);
    } else if (isTime()) {
      censuses.take(slug -> integrations.find(slug).isPresent(), this::rest).ifPresent(this::keep);
      said = false;
    }
  }

  /** The last census while it is this process that takes them. */
  private void keep(@Nullable Census census) {
    if (!Objects.equals(ours, census)) {
      ours = census;
      told.accept(Optional.ofNullable(census));
    }
  }

  /** Who took the shard over goes by the census of the one before. */
  private boolean isTime() {
    Census last = ours;
    if (last == null) {
      last = censuses.latest().orElse(null);
      keep(last);
    }
    return last == null || !clock.instant().isBefore(last.takenAt().plus(every));
  }

  private boolean rest(Duration worked) {
    return !Waiting.forStop(stop, worked.multipliedBy(REST)) && isOurs();
  }

  /** Once for each outage; healing and refreshing do not depend on it. */
  private void tell(@Nullable String why) {
    if (!said) {
      LOG.warn("connections cannot be counted: {}", why);
      said = true;
    }
  }

  /** Begins no more and waits for the page that is counted. */
  @Override
  public void close() {
    stop.countDown();
    Waiting.forEnd(thread);
  }
}
