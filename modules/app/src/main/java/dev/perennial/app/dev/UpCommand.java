package dev.perennial.app.dev;

import dev.perennial.app.cli.PerennialCommand;
import dev.perennial.app.role.Interruption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code perennial up}. */
@Command(
    name = "up",
    description = {
      "Run all roles on an embedded Kafka and Redis with your own integrations, until stopped;",
      "data are kept across restarts."
    })
final class UpCommand implements Callable<Integer> {
  private static final Duration CLEAN_UP = Duration.ofMinutes(2);

  private final PerennialCommand top;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data",
      description =
          "Where Kafka, Redis and the key ring are kept; for this user's eyes only. Default:"
              + " ${DEFAULT-VALUE}.")
  private Path data = Path.of("data");

  UpCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public Integer call() {
    Interruption interruption = new Interruption(CLEAN_UP);
    Path directory = top.surroundings().directory().resolve(data).toAbsolutePath();
    return interruption.guard(() -> new Up(top, directory, interruption).run());
  }
}
