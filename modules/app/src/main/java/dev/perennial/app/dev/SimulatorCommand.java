package dev.perennial.app.dev;

import dev.perennial.app.cli.CommandFailure;
import dev.perennial.app.cli.PerennialCommand;
import dev.perennial.app.role.Interruption;
import dev.perennial.devstack.provider.ProviderSimulator;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code perennial simulator}: the pretend providers of the demo, as a process of their own. */
@Command(
    name = "simulator",
    description = {
      "Run the pretend providers orchard, meadow, harbor and garden until stopped. Their tokens"
          + " live",
      "in memory: a restart forgets them."
    })
final class SimulatorCommand implements Callable<Integer> {
  private static final Duration CLEAN_UP = Duration.ofSeconds(5);

  private final PerennialCommand top;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Where to listen; 0.0.0.0 = all addresses. Default: ${DEFAULT-VALUE}.")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9400",
      description = "TCP port; 0 = any free one, printed. Default: ${DEFAULT-VALUE}.")
  private int port = 9400;

  @Option(
      names = "--token-life",
      paramLabel = "DURATION",
      description = "Life of the access tokens, whole seconds. Default: 1m.")
  private Duration tokenLife = Duration.ofMinutes(1);

  SimulatorCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public Integer call() {
    Interruption interruption = new Interruption(CLEAN_UP);
    return interruption.guard(() -> {
      try (ProviderSimulator simulator = start()) {
        PrintWriter out = top.surroundings().out();
        out.println("perennial simulator at " + simulator.baseUri());
        out.flush();
        while (!interruption.await(Duration.ofDays(1))) {
          // nobody has asked to stop yet
        }
        out.println("spent_twice=" + simulator.ledger().spentTwice().size());
        out.flush();
        return 0;
      }
    });
  }

  private ProviderSimulator start() {
    try {
      return new DemoProviders(tokenLife).start(new InetSocketAddress(host, port));
    } catch (UncheckedIOException e) {
      throw new CommandFailure(Objects.toString(e.getMessage(), ""));
    }
  }
}
