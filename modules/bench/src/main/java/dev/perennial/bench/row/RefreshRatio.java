package dev.perennial.bench.row;

import dev.perennial.bench.bed.RawPosts;
import dev.perennial.bench.bed.SpringSecurity;
import dev.perennial.bench.bed.TestBed;
import dev.perennial.bench.bed.TokenServer;
import dev.perennial.bench.figure.Figure;
import dev.perennial.bench.figure.Spread;
import dev.perennial.bench.figure.Target;
import dev.perennial.bench.row.RefreshLoad.Round;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Full refreshes a second (event in, begin, call, commit, event out, rescheduled, offset) held
 * against raw requests a second by the same HTTP client, as many at once, at the same token server.
 */
public final class RefreshRatio implements Measurement {
  private static final double PROCESSORS = Runtime.getRuntime().availableProcessors();
  private static final Target CPU = Target.atMost(300, 120);

  /** Rounds are so many times as long as what is in flight, at the least. */
  private static final int FIRST_ROUND = 24;

  private static final Duration ROUND = Duration.ofSeconds(1);

  /** An exchanger is warm where its compilers take no more of its processor time than this part. */
  private static final double WARM = 0.03;

  private final int concurrency;
  private final Duration delay;
  private final Target target;
  private final boolean costs;
  private final boolean spring;

  private RefreshRatio(
      int concurrency, Duration delay, Target target, boolean costs, boolean spring) {
    this.concurrency = concurrency;
    this.delay = delay;
    this.target = target;
    this.costs = costs;
    this.spring = spring;
  }

  /** 256 at once, of a provider that takes no time: what a refresh costs. */
  public static RefreshRatio busy() {
    return new RefreshRatio(256, Duration.ZERO, Target.atLeast(0.15, 0.40), true, true);
  }

  /** 2,000 at once, of a provider that takes 200 ms: as in life. */
  public static RefreshRatio waiting() {
    return new RefreshRatio(2_000, Duration.ofMillis(200), Target.atLeast(0.5, 0.8), false, false);
  }

  /** So many at once, of a provider that takes no time; small enough for a test. */
  public static RefreshRatio of(int concurrency) {
    return new RefreshRatio(concurrency, Duration.ZERO, Target.atLeast(0.15, 0.40), true, false);
  }

  private String ratio() {
    return "refresh.ratio." + concurrency;
  }

  @Override
  public List<String> rows() {
    List<String> rows = new ArrayList<>(List.of(ratio()));
    if (costs) {
      rows.addAll(List.of("refresh.cpu_us", "refresh.cpu_ratio"));
    }
    if (spring) {
      rows.add("spring.ratio");
    }
    return rows;
  }

  @Override
  public boolean quick() {
    return true;
  }

  /**
   * @param spring refreshes a second by Spring Security; 0 where it was not asked
   */
  private record Alternation(Round ours, RawPosts.Result ceiling, double spring) {
    double ratio() {
      return ours.perSecond() / ceiling.perSecond();
    }

    double cpuRatio() {
      return ours.exchangerMicros() / ceiling.cpuMicros();
    }

    @Override
    public String toString() {
      String rival = spring == 0 ? "" : ", Spring Security %.0f/s".formatted(spring);
      return "%.0f refreshes/s, %.0f raw requests/s%s, ratio %.3f"
          .formatted(ours.perSecond(), ceiling.perSecond(), rival, ratio());
    }

    double serverShare() {
      return ceiling.serverMicros() * ceiling.perSecond() / 1e6 / PROCESSORS;
    }
  }

  @Override
  public List<Figure> measure(Run run) {
    TokenServer server = run.bed().tokens();
    server.delay(delay);
    run.pool(); // whose credentials role starts beside all of this
    try (Soon<SpringSecurity> rival = spring ? rival(run) : null;
        Soon<RefreshLoad> load = Soon.of(() -> new RefreshLoad(run, concurrency));
        RawPosts raw = new RawPosts(server.tokenUri(), TokenServer.steadyBody())) {
      raw.run(concurrency, run.pace().warmUp(), server.pid());
      return figures(alternate(run, load.get(), raw, rival == null ? null : rival.get()));
    } finally {
      server.delay(Duration.ZERO);
    }
  }

  private Soon<SpringSecurity> rival(Run run) {
    TestBed bed = run.bed();
    return Soon.of(() -> {
      SpringSecurity started = new SpringSecurity(bed, run.directory(), concurrency);
      started.run(run.pace().warmUp());
      return started;
    });
  }

  private List<Alternation> alternate(
      Run run, RefreshLoad load, RawPosts raw, @Nullable SpringSecurity rival) {
    Pace pace = run.pace();
    long serverPid = run.bed().tokens().pid();
    run.say(ratio() + ": warming up");
    double expected = warmUp(load, pace.compilers());
    Rest rest = rest(run, load, rival);
    List<Alternation> all = new ArrayList<>();
    for (int i = 1; i <= pace.alternations(); i++) {
      rest.await();
      Round ours = load.round(pace.window(), expected);
      rest.await();
      RawPosts.Result ceiling = raw.run(concurrency, pace.window(), serverPid);
      rest.await();
      double theirs = rival == null ? 0 : rival.run(pace.window());
      expected = ours.perSecond();
      all.add(new Alternation(ours, ceiling, theirs));
      run.say(ratio() + " " + i + " of " + pace.alternations() + ": " + all.getLast());
    }
    return all;
  }

  private static Rest rest(Run run, RefreshLoad load, @Nullable SpringSecurity rival) {
    List<Long> pids = new ArrayList<>();
    pids.add(load.exchangerPid());
    pids.add(ProcessHandle.current().pid()); // who makes the raw requests
    pids.add(run.bed().tokens().pid());
    pids.add(run.bed().kafka().pid());
    if (rival != null) {
      pids.add(rival.pid());
    }
    return new Rest(run, run.pace().window().multipliedBy(3).dividedBy(2), pids);
  }

  /** Until the compilers are done, or the time is over; the rate of the last round. */
  private double warmUp(RefreshLoad load, Duration most) {
    long end = System.nanoTime() + most.toNanos();
    int first = Math.max(FIRST_ROUND * Math.min(concurrency, 256), RefreshLoad.LEAST * concurrency);
    Round last = load.round(first);
    while (System.nanoTime() < end && last.compilerMicros() > WARM * last.exchangerMicros()) {
      last = load.round(ROUND, last.perSecond());
    }
    return last.perSecond();
  }

  private List<Figure> figures(List<Alternation> all) {
    List<Figure> figures = new ArrayList<>();
    figures.add(Figure.comparable(ratio(), "", spread(all, Alternation::ratio), target));
    figures.add(beside("refresh.rate", "1/s", all, one -> one.ours().perSecond()));
    figures.add(beside("ceiling.rate", "1/s", all, one -> one.ceiling().perSecond()));
    figures.add(beside("ceiling.server_share", "", all, Alternation::serverShare));
    if (costs) {
      Spread cpu = spread(all, one -> one.ours().exchangerMicros());
      figures.add(Figure.local("refresh.cpu_us", "us", cpu, CPU));
      figures.add(
          Figure.comparable(
              "refresh.cpu_ratio", "", spread(all, Alternation::cpuRatio), Target.atMost(12, 5)));
    } else {
      figures.add(beside("refresh.cpu_us", "us", all, one -> one.ours().exchangerMicros()));
    }
    if (spring) {
      figures.add(
          Figure.comparable(
              "spring.ratio",
              "",
              spread(all, one -> one.ours().perSecond() / one.spring()),
              Target.atLeast(0.5, 1.0)));
      figures.add(beside("spring.rate", "1/s", all, Alternation::spring));
    }
    figures.add(beside("refresh.compilers_us", "us", all, one -> one.ours().compilerMicros()));
    figures.add(beside("ceiling.cpu_us", "us", all, one -> one.ceiling().cpuMicros()));
    figures.add(beside("refresh.redis_us", "us", all, one -> one.ours().redisMicros()));
    figures.add(beside("refresh.kafka_us", "us", all, one -> one.ours().kafkaMicros()));
    figures.add(beside("refresh.server_us", "us", all, one -> one.ours().serverMicros()));
    return figures;
  }

  private Figure beside(
      String name, String unit, List<Alternation> all, ToDoubleFunction<Alternation> value) {
    return Figure.beside(name + "." + concurrency, unit, spread(all, value));
  }

  private static Spread spread(List<Alternation> all, ToDoubleFunction<Alternation> value) {
    return Spread.of(all.stream().mapToDouble(value).boxed().toList());
  }
}
