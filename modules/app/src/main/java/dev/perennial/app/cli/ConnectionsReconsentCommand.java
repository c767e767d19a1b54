package dev.perennial.app.cli;

import dev.perennial.app.role.Interruption;
import dev.perennial.app.role.Reconsent;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code perennial connections reconsent}. */
@Command(
    name = "reconsent",
    description = {
      "After a restore from a backup with no newer topic: ask for a new consent, without asking the"
          + " provider, for connections whose refresh fell due since the backup, since their"
          + " refresh token has probably been spent (docs/operations.md).",
      "Run it before an exchanger is started. Exit code 1 where some could not be done yet."
    })
final class ConnectionsReconsentCommand implements Callable<Integer> {
  private static final Duration GOODBYE = Duration.ofSeconds(30);
  private static final int INTERRUPTED = 130;

  private final PerennialCommand top;

  @Option(
      names = "--backup-of",
      required = true,
      paramLabel = "TIME",
      description = "When the backup was taken, in ISO 8601, e.g. 2026-03-01T12:00:00Z.")
  private Instant taken = Instant.EPOCH;

  @Option(
      names = "--integration",
      paramLabel = "NAME",
      description = "Only of this one; may be repeated. Leave out those that do not rotate.")
  private List<String> integrations = List.of();

  @Option(names = "--dry-run", description = "Count them and change nothing.")
  private boolean dryRun;

  ConnectionsReconsentCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public Integer call() {
    Ticker ticker = new Ticker(top.surroundings().err(), "connections", System::nanoTime);
    Interruption interruption = new Interruption(GOODBYE);
    Reconsent.Wanted wanted = new Reconsent.Wanted(taken, Set.copyOf(integrations), dryRun);
    return interruption.guard(
        () -> tell(Reconsent.run(top.config(Map.of()), wanted, ticker::at, interruption::asked)));
  }

  private int tell(Reconsent.Outcome outcome) {
    PrintWriter out = top.surroundings().out();
    out.printf(
        "%s: connections=%d doubtful=%d held=%d%n",
        dryRun ? "would ask" : "asked", outcome.looked(), outcome.doubtful(), outcome.held());
    if (outcome.held() > 0) {
      out.println(
          "some could not be done: refreshes are held after the healing, or an attempt is open;"
              + " run it again later, before an exchanger is started");
    }
    out.flush();
    if (!outcome.whole()) {
      return INTERRUPTED;
    }
    return outcome.held() > 0 ? 1 : 0;
  }
}
