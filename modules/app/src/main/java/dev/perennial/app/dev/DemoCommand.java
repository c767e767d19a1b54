package dev.perennial.app.dev;

import dev.perennial.app.cli.PerennialCommand;
import dev.perennial.app.role.Interruption;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code perennial demo}. */
@Command(
    name = "demo",
    description = {
      "Run everything on this machine with a pretend provider and print events as they come;",
      "exit code 0 only where every count is right."
    })
final class DemoCommand implements Callable<Integer> {
  private static final Duration CLEAN_UP = Duration.ofMinutes(1);

  private final PerennialCommand top;

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      description = "How long, e.g. 45s. Default: until Ctrl-C.")
  private @Nullable Duration most;

  DemoCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public Integer call() {
    Interruption interruption = new Interruption(CLEAN_UP);
    return interruption.guard(() -> {
      try (TemporaryDirectory directory = new TemporaryDirectory()) {
        return new Demo(directory.path(), top.surroundings().out(), interruption).run(most);
      }
    });
  }
}
