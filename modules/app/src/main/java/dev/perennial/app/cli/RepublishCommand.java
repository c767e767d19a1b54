package dev.perennial.app.cli;

import dev.perennial.app.role.Interruption;
import dev.perennial.app.role.Republish;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code perennial republish}. */
@Command(
    name = "republish",
    description = {
      "Say on credentials-updated what Redis holds of every connection: after Kafka has lost its"
          + " topics (docs/operations.md). Safe at any time, also while roles run, and needs no"
          + " key.",
      "The topics must be there: run perennial topics first."
    })
final class RepublishCommand implements Callable<Integer> {
  private static final Duration GOODBYE = Duration.ofSeconds(30);
  private static final int INTERRUPTED = 130;

  private final PerennialCommand top;

  @Option(names = "--dry-run", description = "Count the connections and say nothing.")
  private boolean dryRun;

  RepublishCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public Integer call() {
    Ticker ticker = new Ticker(top.surroundings().err(), "connections", System::nanoTime);
    Interruption interruption = new Interruption(GOODBYE);
    return interruption.guard(() -> {
      Republish.Outcome outcome =
          Republish.run(top.config(Map.of()), dryRun, ticker::at, interruption::asked);
      top.surroundings()
          .out()
          .printf(
              "%s: connections=%d%n",
              dryRun ? "would republish" : "republished", outcome.connections());
      if (!outcome.whole()) {
        top.surroundings().out().println("stopped before the end; run it again");
      }
      top.surroundings().out().flush();
      return outcome.whole() ? 0 : INTERRUPTED;
    });
  }
}
