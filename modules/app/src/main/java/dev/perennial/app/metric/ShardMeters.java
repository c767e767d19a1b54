package dev.perennial.app.metric;

import static dev.perennial.app.metric.Metric.DUE_BACKLOG;
import static dev.perennial.app.metric.Metric.DUE_BACKLOG_AGE;
import static dev.perennial.app.metric.Metric.JOURNAL_WAITING;
import static dev.perennial.app.metric.Metric.OUTBOX_AGE;
import static dev.perennial.app.metric.Metric.SHARDS;
import static dev.perennial.app.metric.Metric.SHARDS_HELD;
import static dev.perennial.app.metric.Metric.SHARDS_OWNED;
import static dev.perennial.app.metric.Metric.SHARDS_UNREADY;

import dev.perennial.credentials.ShardOwner;
import dev.perennial.scheduler.BacklogRound;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What the owners of shards tell of them, as of their last turns. Asked at each scrape. */
public final class ShardMeters {
  private final Meters meters;
  private final InstantSource clock;

  /**
   * @param shards how many there are
   */
  public ShardMeters(Meters meters, InstantSource clock, int shards) {
    this.meters = meters;
    this.clock = clock;
    meters.gauge(SHARDS, () -> shards);
  }

  /** Of a scheduler. */
  public void scheduler(Supplier<Set<Integer>> owned, BacklogRound backlog) {
    meters.gauge(SHARDS_OWNED, () -> owned.get().size(), "scheduler");
    meters.gauge(DUE_BACKLOG, () -> backlog.count(owned.get()));
    meters.gauge(DUE_BACKLOG_AGE, () -> age(backlog.oldest(owned.get())));
  }

  /**
   * Of the credentials role.
   *
   * @param owners of the shards that are owned and have had a turn
   */
  public void credentials(Supplier<Set<Integer>> owned, Supplier<Stream<ShardOwner>> owners) {
    meters.gauge(SHARDS_OWNED, () -> owned.get().size(), "credentials");
    meters.gauge(
        SHARDS_UNREADY, () -> owned.get().size() - owners.get().filter(ShardOwner::ready).count());
    meters.gauge(SHARDS_HELD, () -> owners.get().filter(ShardMeters::isHeld).count());
    meters.gauge(JOURNAL_WAITING, () -> owners.get().mapToLong(ShardOwner::journalWaiting).sum());
    meters.gauge(
        OUTBOX_AGE,
        () ->
            age(
                owners
                    .get()
                    .map(ShardOwner::unpublishedSince)
                    .flatMap(Optional::stream)
                    .min(Comparator.naturalOrder())));
  }

  private static boolean isHeld(ShardOwner owner) {
    return owner.held().compareTo(Duration.ZERO) != 0;
  }

  private double age(Optional<Instant> since) {
    return since
        .map(at -> Math.max(0, Duration.between(at, clock.instant()).toMillis() / 1e3))
        .orElse(0.0);
  }
}
