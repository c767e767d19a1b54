package dev.perennial.bench.row;

import dev.perennial.bench.bed.BedException;
import dev.perennial.bench.bed.CallbackClient;
import dev.perennial.bench.bed.Connections;
import dev.perennial.bench.bed.ProcessorTime;
import dev.perennial.bench.bed.TestBed;
import dev.perennial.bench.bed.Worker;
import dev.perennial.bench.figure.Figure;
import dev.perennial.bench.figure.Spread;
import dev.perennial.bench.figure.Target;
import dev.perennial.devstack.Ports;
import dev.perennial.domain.credential.CredentialState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * People who come back from their consent, 200 a second: from the moment at which the callback is
 * sent until the credential is on {@code credentials-updated}, with a provider that takes no time;
 * alone, and while an exchanger works through 100,000 refreshes.
 */
public final class Callbacks implements Measurement {
  private static final int PER_SECOND = 200;
  private static final int BACKLOG = 100_000;
  private static final int FIRST = 700_000;
  private static final double PART = 0.99;

  /** Workers are warm where their compilers take no more of one processor than one in so many. */
  private static final int WARM = 20;

  @Override
  public List<String> rows() {
    return List.of("callback.overhead.p99_ms", "callback.backlog_ratio");
  }

  @Override
  public boolean quick() {
    return false;
  }

  @Override
  public List<Figure> measure(Run run) {
    int backlog = run.pace().quick() ? BACKLOG / 20 : BACKLOG;
    run.pool().grow(backlog);
    run.say("callbacks: starting ingress and an exchanger");
    int port = Ports.free(0);
    TestBed bed = run.bed();
    try (Worker ingress = bed.worker("ingress", CallbackClient.ingress(port));
        Worker exchanger = bed.worker("exchanger", Map.of());
        Worker _ = bed.worker("scheduler", Map.of()); // who finds no place comes again by it
        CallbackClient people = new CallbackClient(port, bed.config())) {
      return measure(run, people, backlog, List.of(ingress.pid(), exchanger.pid()));
    }
  }

  private static List<Figure> measure(
      Run run, CallbackClient people, int backlog, List<Long> workers) {
    int next = FIRST;
    for (int part = 8; part >= 2; part /= 2) { // a cold ingress would keep 200 a second waiting
      next += wave(run, people, next, PER_SECOND / part, run.pace().warmUp().dividedBy(2));
    }
    long end = System.nanoTime() + run.pace().compilers().toNanos();
    boolean warm = false;
    while (!warm) {
      Duration before = ProcessorTime.ofCompilers(workers);
      next += wave(run, people, next, PER_SECOND, run.pace().window());
      Duration compiled = ProcessorTime.ofCompilers(workers).minus(before);
      warm =
          compiled.multipliedBy(WARM).compareTo(run.pace().window()) < 0 || System.nanoTime() > end;
      run.say("callbacks: warming up, compilers took %d ms".formatted(compiled.toMillis()));
    }
    people.take();
    List<Double> alone = new ArrayList<>();
    while (alone.size() < run.pace().alternations()) {
      next += wave(run, people, next, PER_SECOND, run.pace().window());
      alone.add(Percentile.of(people.take(), PART));
      run.say("callbacks alone: p99 %.1f ms".formatted(alone.getLast()));
    }
    Connections connections = run.pool().connections();
    Collection<CredentialState> due = run.pool().turn(backlog);
    long granted = run.bed().tokens().ledger().granted();
    connections.sayDue(due);
    List<Double> behind = new ArrayList<>();
    while (behind.size() < run.pace().alternations()) {
      next += wave(run, people, next, PER_SECOND, run.pace().window());
      behind.add(Percentile.of(people.take(), PART));
      run.say("callbacks during a backlog: p99 %.1f ms".formatted(behind.getLast()));
    }
    long done = run.bed().tokens().ledger().granted() - granted;
    if (done >= backlog) {
      throw new BedException("the backlog of " + backlog + " was over before the callbacks were");
    }
    run.say("callbacks: %d of %d refreshes were left".formatted(backlog - done, backlog));
    settle(run, granted + backlog);
    return figures(alone, behind);
  }

  /** Callbacks for so long, each for a connection of its own; how many there were. */
  private static int wave(Run run, CallbackClient people, int first, int perSecond, Duration time) {
    int count = Arrivals.run(run, perSecond, time, number -> people.comeBack(first + number));
    people.awaitAll(count);
    return count;
  }

  /** The next row is not to find what this one has left. */
  private static void settle(Run run, long granted) {
    while (run.bed().tokens().ledger().granted() < granted) {
      run.pause(Duration.ofMillis(200));
    }
  }

  private static List<Figure> figures(List<Double> alone, List<Double> behind) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < alone.size(); i++) {
      ratios.add(behind.get(i) / alone.get(i));
    }
    return List.of(
        Figure.local("callback.overhead.p99_ms", "ms", Spread.of(alone), Target.atMost(100, 25)),
        Figure.beside("callback.overhead.backlog.p99_ms", "ms", Spread.of(behind)),
        Figure.comparable(
            "callback.backlog_ratio", "", Spread.of(ratios), Target.atMost(2.0, 1.2)));
  }
}
