package dev.perennial.app.cli;

import dev.perennial.app.audit.Action;
import dev.perennial.app.config.PerennialConfig;
import dev.perennial.app.keys.Progress;
import dev.perennial.app.keys.Refused;
import dev.perennial.app.keys.RingFile;
import dev.perennial.app.role.Interruption;
import dev.perennial.app.role.KeyRings;
import dev.perennial.app.role.KeyTools;
import dev.perennial.domain.Secret;
import dev.perennial.sealing.KeyRing;
import dev.perennial.sealing.LiveKeyRing;
import dev.perennial.sealing.Wrapping;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the commands that change the key ring share: where it is, and how long they wait. */
final class KeyRingOptions {
  private static final Duration GOODBYE = Duration.ofSeconds(30);

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = {
        "Write the changed ring here instead of over keys.file: for a ring in the environment or on"
            + " a read-only volume.",
        "Put it in place yourself, then take the next step."
      })
  private @Nullable Path out;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      defaultValue = "15m",
      description =
          "How long to wait for the processes, e.g. 90s or 1h. Default: ${DEFAULT-VALUE}.")
  private Duration wait = Duration.ofMinutes(15);

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "200",
      description = "How many connections a second at most. Default: ${DEFAULT-VALUE}.")
  private int rate = 200;

  /** What a command works with. */
  record Work(
      LiveKeyRing live,
      RingFile file,
      KeyTools tools,
      Progress progress,
      Duration patience,
      int rate,
      Predicate<Duration> stopped) {

    /** The ring as it is in the file now; the tools seal with its primary key from here on. */
    KeyRing ring() {
      return live.look();
    }
  }

  /** Returns an exit code. */
  interface Task {
    int run(Work work);
  }

  /**
   * Runs a command that changes the ring; what it refuses is a failure with its message.
   *
   * @param action that is told as failed where it is refused
   */
  int run(PerennialCommand top, Action action, Task task) {
    if (rate < 1) {
      throw new CommandFailure("--rate: at least 1");
    }
    PerennialConfig config = top.config(Map.of());
    Interruption interruption = new Interruption(GOODBYE);
    return interruption.guard(() -> {
      LiveKeyRing ring = KeyRings.of(config);
      try (KeyTools tools = new KeyTools(config, ring)) {
        Progress progress = new Progress(top.surroundings().out(), System::nanoTime);
        return task.run(
            new Work(
                ring, file(top, config, ring), tools, progress, wait, rate, interruption::await));
      } catch (Refused e) {
        CommandAudit.failed(action, "refused");
        throw new CommandFailure(String.valueOf(e.getMessage()));
      }
    });
  }

  private RingFile file(PerennialCommand top, PerennialConfig config, LiveKeyRing ring) {
    Wrapping wrapping = KeyRings.wrapping(config);
    Optional<Secret> keyset = config.keys().keyset();
    if (keyset.isEmpty() && out == null) {
      Path path = config.keys().file().orElseThrow();
      return RingFile.at(top.surroundings().directory().resolve(path), wrapping);
    }
    Path target = out == null ? null : top.surroundings().directory().resolve(out);
    return new RingFile(ring::look, target, wrapping, false);
  }
}
