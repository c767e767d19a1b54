package dev.perennial.app.dev;

import dev.perennial.app.cli.PerennialCommand;
import dev.perennial.app.role.Interruption;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code perennial demo}. */
@Command(
    name = "demo",
    description = {
      "Run everything on this machine with a pretend provider and print events as they come;",
      "exit code 0 only where every count is right. A pipeline of yours can follow along: the",
      "command to try one is printed."
    })
final class DemoCommand implements Callable<Integer> {
  private static final Duration CLEAN_UP = Duration.ofMinutes(1);
  private static final Duration SHORTEST_LIFE = Duration.ofSeconds(5);
  private static final Duration SHORTEST_RESTART = Duration.ofSeconds(5);

  private final PerennialCommand top;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      description = "How long, e.g. 45s. Default: until Ctrl-C.")
  private @Nullable Duration most;

  @Option(
      names = "--token-life",
      paramLabel = "DURATION",
      description = "Life of the access tokens, 5s or more. Default: 12s.")
  private Duration tokenLife = DemoSettings.SHORT;

  @Option(
      names = "--restart-workers",
      paramLabel = "DURATION",
      description = {
        "Run each role as processes of its own, and restart one of them this often (SIGTERM),",
        "5s or more. Give tokens of 30s or more, so that a restart fits into their life."
      })
  private @Nullable Duration restart;

  @Option(names = "--kill", description = "With --restart-workers: kill -9 instead of SIGTERM.")
  private boolean kill;

  DemoCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public Integer call() {
    DemoSettings settings = settings();
    Interruption interruption = new Interruption(CLEAN_UP);
    return interruption.guard(() -> {
      try (TemporaryDirectory directory = new TemporaryDirectory()) {
        return new Demo(settings, directory.path(), top.surroundings().out(), interruption)
            .run(most);
      }
    });
  }

  private DemoSettings settings() {
    refuse(tokenLife.compareTo(SHORTEST_LIFE) < 0, "--token-life must be 5s or more");
    refuse(
        restart != null && restart.compareTo(SHORTEST_RESTART) < 0,
        "--restart-workers must be 5s or more");
    refuse(kill && restart == null, "--kill wants --restart-workers");
    return new DemoSettings(Duration.ofSeconds(tokenLife.toSeconds()), restart, kill);
  }

  private void refuse(boolean wrong, String why) {
    if (wrong && spec != null) {
      throw new ParameterException(spec.commandLine(), why);
    }
  }
}
