package dev.perennial.prove;

import dev.perennial.app.dev.worker.WorkerProcess;
import dev.perennial.app.role.Interruption;
import dev.perennial.app.role.Role;
import dev.perennial.devstack.provider.Use;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.prove.arena.Arena;
import dev.perennial.prove.arena.Providers;
import dev.perennial.prove.arena.SimulatedProviders;
import dev.perennial.prove.browser.Browser;
import dev.perennial.prove.guarantee.Evidence;
import dev.perennial.prove.guarantee.Guarantees;
import dev.perennial.prove.guarantee.NoGrantSilentlyLost;
import dev.perennial.prove.guarantee.Stored;
import dev.perennial.prove.guarantee.Verdict;
import dev.perennial.prove.nemesis.FaultLog;
import dev.perennial.prove.nemesis.Nemesis;
import dev.perennial.prove.nemesis.RollingUpgrade;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One run: everything is started, connections are made, things go wrong, everything is healed, and
 * once it is quiet the witnesses are asked.
 */
public final class Prove {
  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration SETTLED = Duration.ofSeconds(15);
  private static final int ROUNDS = 5;
  private static final Duration PROGRESS = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration QUIET = Duration.ofSeconds(90);
  private static final Duration CALM = Duration.ofSeconds(20);
  private static final Duration LATE = Duration.ofSeconds(4);
  private static final Duration DRAIN = Duration.ofSeconds(15);

  /**
   * What is asked for.
   *
   * @param length of the time in which things go wrong
   * @param publicPort of ingress, 0 for any
   * @param file the definition of a real provider, or empty
   * @param older class path of an older version that is rolled over to this one meanwhile, or empty
   */
  public record Options(
      Duration length,
      long seed,
      boolean faults,
      int connections,
      int publicPort,
      String file,
      String older) {}

  private final Options options;
  private final Report report;
  private final Interruption interruption;
  private final RunDirectory directory;
  private final Arena arena;
  private final Consents consents;
  private final FaultLog log = new FaultLog();
  private final Nemesis nemesis;
  private final @Nullable RollingUpgrade upgrade;

  private Prove(
      Options options,
      Report report,
      Interruption interruption,
      RunDirectory directory,
      Arena arena,
      Consents consents) {
    this.options = options;
    this.report = report;
    this.interruption = interruption;
    this.directory = directory;
    this.arena = arena;
    this.consents = consents;
    this.nemesis = new Nemesis(arena, log, report::say);
    this.upgrade =
        options.older().isEmpty()
            ? null
            : new RollingUpgrade(
                arena.workers(), options.older(), log, report::say, this::refreshes);
  }

  /** With pretend providers; the exit code. */
  public static int simulated(Options options, PrintWriter out, Interruption interruption) {
    try (Providers providers = new SimulatedProviders()) {
      return against(providers, "user", "password", options, out, interruption);
    }
  }

  /** With these providers, and this name and password where they ask for them; the exit code. */
  static int against(
      Providers providers,
      String user,
      String password,
      Options options,
      PrintWriter out,
      Interruption interruption) {
    Report report = new Report(out);
    report.line(
        "Perennial prove: "
            + (options.faults() ? "faults" : "no faults")
            + " for "
            + options.length().toSeconds()
            + " s, seed "
            + options.seed());
    try (RunDirectory directory = new RunDirectory();
        Arena arena = new Arena(directory.path(), providers, options.publicPort());
        Browser browser = new Browser(user, password);
        Consents consents = new Consents(arena, browser, options.seed())) {
      return new Prove(options, report, interruption, directory, arena, consents).run();
    }
  }

  private int run() {
    if (upgrade != null) {
      upgrade.beginOld();
    }
    arena.workers().forEach(WorkerProcess::start);
    report.say("Kafka and Redis run; starting " + arena.workers().size() + " workers");
    if (!await("every worker is ready", START, this::allReady)) {
      return failed();
    }
    Instant began = Instant.now();
    report.say("workers run; making " + options.connections() + " connections");
    interruption.whenAsked(() -> {
      consents.close();
      stopTrouble();
    });
    if (!connectAll()) {
      return failed();
    }
    Instant from = Instant.now();
    trouble();
    if (interruption.asked()) {
      return failed();
    }
    Instant to = Instant.now();
    report.say("everything is healed; waiting until it is quiet");
    boolean quiet = await("quiet", QUIET, this::quiet);
    if (interruption.asked()) {
      return failed();
    }
    Instant until = Instant.now();
    stopWorkers();
    return judge(evidence(began, until), from, to, quiet);
  }

  /** A cold server may fail the first few: others are made in their place. */
  private boolean connectAll() {
    for (int round = 0; round < ROUNDS && connected() < options.connections(); round++) {
      consents.first(options.connections() - connected());
      if (await("all are connected", SETTLED, () -> connected() >= options.connections())) {
        return true;
      }
    }
    return connected() >= options.connections();
  }

  private int failed() {
    report.line(
        interruption.asked()
            ? "prove: stopped before its end, nothing is judged"
            : "the run could not be made; the workers' logs: " + directory.keepLogs());
    return 1;
  }

  /** The time in which things go wrong. */
  private void trouble() {
    report.say("connected; new consents all along");
    Thread people = Thread.ofVirtual().start(consents::goOn);
    Thread faults = Thread.ofVirtual().start(this::faults);
    Thread rolling = Thread.ofVirtual().start(this::roll);
    long end = System.nanoTime() + options.length().toNanos();
    while (System.nanoTime() < end && !interruption.await(min(PROGRESS, left(end)))) {
      progress();
    }
    consents.close();
    nemesis.stop(); // the roll comes to its end by itself, however long a busy machine takes
    join(people);
    join(faults);
    join(rolling);
  }

  private void stopTrouble() {
    nemesis.stop();
    if (upgrade != null) {
      upgrade.stop();
    }
  }

  private void roll() {
    if (upgrade != null) {
      upgrade.run(options.length().minus(calm()));
    }
  }

  private static Duration left(long end) {
    return Duration.ofNanos(Math.max(1_000_000, end - System.nanoTime()));
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private void faults() {
    if (options.faults()) {
      nemesis.run(options.seed(), options.length().minus(calm()));
    }
  }

  /** At the end there is time to recover, within which everything must have caught up. */
  private Duration calm() {
    Duration quarter = options.length().dividedBy(4);
    return min(quarter, CALM);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean await(String what, Duration most, BooleanSupplier condition) {
    long end = System.nanoTime() + most.toNanos();
    long said = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (interruption.await(LOOK)) {
        return false;
      }
      if (System.nanoTime() > end) {
        report.say("not within " + most.toSeconds() + " s: " + what);
        return false;
      }
      if (System.nanoTime() - said > PROGRESS.toNanos()) {
        said = System.nanoTime();
        progress();
      }
    }
    return true;
  }

  private boolean allReady() {
    return arena.workers().stream().allMatch(WorkerProcess::ready);
  }

  private int connected() {
    return connections().size();
  }

  /** As Redis has them now; none where it does not answer. */
  private Map<ConnectionKey, Stored> connections() {
    try {
      return arena.redisWitness().connections();
    } catch (RuntimeException e) {
      return Map.of();
    }
  }

  private long refreshes() {
    return arena.providers().witness().uses().stream().filter(Prove::isGrantedRefresh).count();
  }

  private void progress() {
    Map<String, Long> byStatus =
        connections().values().stream()
            .collect(Collectors.groupingBy(Stored::status, TreeMap::new, Collectors.counting()));
    report.say(
        refreshes()
            + " refreshes; "
            + (byStatus.isEmpty() ? "nothing to be seen in Redis" : byStatus));
  }

  private static boolean isGrantedRefresh(Use use) {
    return use.kind() == Use.Kind.REFRESH_TOKEN && use.outcome() == Use.Outcome.GRANTED;
  }

  /** Everybody is well, nothing is overdue, unpublished, or of unknown outcome. */
  private boolean quiet() {
    Map<ConnectionKey, Stored> connections = connections();
    Instant now = Instant.now();
    return !connections.isEmpty()
        && allReady()
        && connections.values().stream().noneMatch(stored -> isRestless(stored, now));
  }

  private static boolean isRestless(Stored stored, Instant now) {
    boolean vanished =
        stored.attempt() != null
            && stored.leaseUntil() != null
            && stored.leaseUntil().isBefore(now);
    boolean overdue = stored.dueAt() != null && stored.dueAt().plus(LATE).isBefore(now);
    return vanished
        || overdue
        || stored.status().equals("refresh_failing")
        || (stored.published() < stored.version() && stored.attempt() == null && overdue);
  }

  /** First those who begin something, last those who bring it to its end. */
  private void stopWorkers() {
    for (Role role : List.of(Role.INGRESS, Role.SCHEDULER, Role.EXCHANGER, Role.CREDENTIALS)) {
      arena.workers().stream()
          .filter(worker -> worker.role() == role)
          .forEach(worker -> worker.terminate(DRAIN));
    }
  }

  private Evidence evidence(Instant began, Instant until) {
    report.say("asking the witnesses");
    Evidence.Builder evidence =
        Evidence.of(arena.timing())
            .between(began, until)
            .uses(arena.providers().witness().uses())
            .overlaps(arena.providers().witness().overlaps())
            .secrets(arena.providers().witness().secrets())
            .accepted(consents.accepted())
            .disturbances(log.disturbances());
    arena.providers().promises().forEach(evidence::promise);
    arena.topicWitness().testify(evidence, arena.providers().witness()::nameOf);
    arena.redisWitness().testify(evidence, arena.providers().witness());
    for (WorkerProcess worker : arena.workers()) {
      evidence.open("the log of " + worker.name(), logOf(worker));
    }
    return evidence.build();
  }

  private static String logOf(WorkerProcess worker) {
    try {
      return Files.readString(worker.log(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int judge(Evidence evidence, Instant from, Instant to, boolean quiet) {
    List<NoGrantSilentlyLost.Loss> losses = NoGrantSilentlyLost.losses(evidence);
    losses.forEach(
        loss -> report.line("lost " + loss.key() + ": " + loss.record() + "; " + loss.cause()));
    List<Verdict> verdicts = Guarantees.check(evidence, Map.of());
    for (Verdict verdict : verdicts) {
      report.line(verdict.toString());
      verdict.violations().forEach(words -> report.line("  " + words));
    }
    if (upgrade != null) {
      report.line(upgrade.toString());
    }
    report.line(Rate.of(evidence, arena.share(), from, to).toString());
    boolean rolled = upgrade == null || upgrade.whole();
    boolean well = quiet && rolled && verdicts.stream().allMatch(Verdict::holds);
    if (!quiet) {
      report.line("it never became quiet: something was left undone");
    }
    if (!rolled) {
      report.line("the upgrade did not come to its end");
    }
    if (!well) {
      report.line("the workers' logs: " + directory.keepLogs());
      report.line("to run it again: perennial prove " + arguments());
    }
    report.line(Summary.of(evidence, nemesis.faults(), losses.size(), verdicts).toString());
    return well ? 0 : 1;
  }

  private String arguments() {
    return "--for "
        + options.length().toSeconds()
        + "s --seed "
        + options.seed()
        + " --connections "
        + options.connections()
        + (options.file().isEmpty() ? "" : " --integration " + options.file())
        + (options.faults() ? "" : " --faults none");
  }
}
