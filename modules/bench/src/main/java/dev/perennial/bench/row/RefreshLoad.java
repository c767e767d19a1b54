package dev.perennial.bench.row;

import dev.perennial.bench.bed.BedException;
import dev.perennial.bench.bed.ProcessorTime;
import dev.perennial.bench.bed.Publications;
import dev.perennial.bench.bed.RefreshTokens.Ledger;
import dev.perennial.bench.bed.TestBed;
import dev.perennial.bench.bed.Worker;
import dev.perennial.domain.credential.CredentialState;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One exchanger that is given refreshes to do and does as many of them at once as it may. What it
 * did is counted on the topic where it published it, and held against the provider's ledger. For
 * one thread.
 */
final class RefreshLoad implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(20);

  /** Of a round, in what is in flight: until it goes, what is measured, until it has run out. */
  static final int LEAST = 3;

  private static final Duration STALLED = Duration.ofSeconds(40);

  private final Run run;
  private final TestBed bed;
  private final Pool pool;
  private final int concurrency;
  private final Worker exchanger;
  private final Publications publications;

  RefreshLoad(Run run, int concurrency) {
    this(run, concurrency, List.of());
  }

  /**
   * @param jvm more options for the exchanger's JVM
   */
  RefreshLoad(Run run, int concurrency, List<String> jvm) {
    this.run = run;
    this.bed = run.bed();
    this.pool = run.pool();
    this.concurrency = concurrency;
    run.say("starting an exchanger for " + concurrency + " in flight");
    String most = Integer.toString(concurrency);
    this.exchanger =
        bed.worker(
            "exchanger",
            Map.of("exchanger.max-in-flight", most, "exchanger.per-integration", most),
            jvm);
    this.publications = new Publications(bed.config());
  }

  /**
   * What one round came to, once it had got going and before it ran out.
   *
   * @param perSecond refreshes published
   * @param exchangerMicros processor time of the exchanger for each of them; likewise the others
   * @param compilerMicros what its compilers took of that
   */
  record Round(
      double perSecond,
      double exchangerMicros,
      double compilerMicros,
      double redisMicros,
      double kafkaMicros,
      double serverMicros) {}

  long exchangerPid() {
    return exchanger.pid();
  }

  /** Does about as many refreshes as fit into the time, by what the last round came to. */
  Round round(Duration window, double expectedPerSecond) {
    int edge = (int) (expectedPerSecond * 0.25) + concurrency;
    int wanted = (int) (expectedPerSecond * window.toMillis() / 1000) + 2 * edge;
    int least = LEAST * concurrency;
    return round(Math.clamp(wanted, least, Math.max(least, pool.size())));
  }

  /** Does so many refreshes. */
  Round round(int count) {
    pool.grow(count);
    Collection<CredentialState> due = pool.turn(count);
    pool.connections().claim(due);
    return round(due);
  }

  /** Refreshes these. */
  Round round(Collection<CredentialState> due) {
    run.goOn();
    int count = due.size();
    Ledger before = bed.tokens().ledger();
    long begin = publications.count();
    Thread saying = Thread.ofVirtual().start(() -> pool.connections().sayDue(due));
    Round round = watch(begin, count);
    join(saying);
    check(before, bed.tokens().ledger(), count);
    return round;
  }

  private Round watch(long begin, int count) {
    int edge = Math.max(concurrency, count / 10);
    Moment from = null;
    Moment to = null;
    long last = begin;
    long moved = System.nanoTime();
    while (last < begin + count) {
      run.pause(LOOK);
      long now = publications.count();
      if (now > last) {
        moved = System.nanoTime();
      } else if (System.nanoTime() - moved > STALLED.toNanos()) {
        throw new BedException(
            "refreshes stalled at "
                + (now - begin)
                + " of "
                + count
                + "; logs in "
                + run.directory());
      }
      last = now;
      if (from == null && now - begin >= edge) {
        from = moment(now);
      } else if (from != null && to == null && now - begin >= count - edge) {
        to = moment(now);
      }
    }
    return between(from, to);
  }

  private static Round between(@Nullable Moment from, @Nullable Moment to) {
    if (from == null || to == null) {
      throw new BedException("a round was over before it could be measured");
    }
    return to.since(from);
  }

  private record Moment(
      long nanos,
      long count,
      Duration exchanger,
      Duration compilers,
      Duration redis,
      Duration kafka,
      Duration server) {

    Round since(Moment from) {
      double done = count - from.count;
      return new Round(
          done * 1e9 / (nanos - from.nanos),
          micros(exchanger, from.exchanger, done),
          micros(compilers, from.compilers, done),
          micros(redis, from.redis, done),
          micros(kafka, from.kafka, done),
          micros(server, from.server, done));
    }

    private static double micros(Duration later, Duration earlier, double count) {
      return later.minus(earlier).toNanos() / 1e3 / count;
    }
  }

  private Moment moment(long count) {
    return new Moment(
        System.nanoTime(),
        count,
        exchanger.processorTime(),
        exchanger.compilerTime(),
        ProcessorTime.of(bed.redis().pid()),
        ProcessorTime.of(bed.kafka().pid()),
        ProcessorTime.of(bed.tokens().pid()));
  }

  /** Each was granted once, or the figure would be about something else. */
  private static void check(Ledger before, Ledger after, int count) {
    long granted = after.granted() - before.granted();
    long refused = after.refused() - before.refused();
    if (granted != count || refused != 0 || after.spentTwice() != 0) {
      throw new BedException(
          "of "
              + count
              + " refreshes the provider granted "
              + granted
              + ", refused "
              + refused
              + ", and saw "
              + after.spentTwice()
              + " tokens spent twice");
    }
  }

  private static void join(Thread saying) {
    try {
      saying.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    publications.close();
    exchanger.close();
  }
}
