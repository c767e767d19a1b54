package dev.perennial.app.cli;

import dev.perennial.app.config.PerennialConfig;
import dev.perennial.app.role.Interruption;
import dev.perennial.app.role.Restore;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code perennial restore}. */
@Command(
    name = "restore",
    description = {
      "Rebuild Redis from the topics; safe at any time, and needs no key.",
      "Reads credentials-updated and the grant journal from their start and copies what stands",
      "higher than what Redis holds. The credentials role does the same by itself where Redis was",
      "restarted or lost data; this is for a look, and for a Redis that no role serves yet."
    })
final class RestoreCommand implements Callable<Integer> {
  private static final Duration GOODBYE = Duration.ofSeconds(30);
  private static final int INTERRUPTED = 130;

  private final PerennialCommand top;

  RestoreCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public Integer call() {
    PerennialConfig config = top.config(Map.of());
    PrintWriter out = top.surroundings().out();
    Interruption interruption = new Interruption(GOODBYE);
    return interruption.guard(() -> {
      out.printf("restoring %d shards of %s%n", config.shards(), config.redis().uri());
      out.flush();
      long begin = System.nanoTime();
      boolean whole =
          Restore.run(
              config, state -> tell(out, state, System.nanoTime() - begin), interruption::asked);
      if (!whole) {
        out.println("stopped before the end; run it again to go on");
        out.flush();
        return INTERRUPTED;
      }
      return 0;
    });
  }

  private static void tell(PrintWriter out, Restore.State state, long nanos) {
    double seconds = Duration.ofNanos(nanos).toMillis() / 1000.0;
    if (state.done() < state.shards()) {
      long percent = state.total() == 0 ? 100 : 100 * state.records() / state.total();
      out.printf(
          Locale.ROOT,
          "  %5.1f s  %d of %d shards, %d states restored, %d %% read%n",
          seconds,
          state.done(),
          state.shards(),
          state.applied(),
          percent);
    } else {
      out.printf(
          Locale.ROOT,
          "restored: shards=%d states=%d seconds=%.1f%n",
          state.shards(),
          state.applied(),
          seconds);
      if (!state.held().isZero()) {
        out.printf(
            "refreshes are held for another %d s, since some may be under way%n",
            state.held().toSeconds());
      }
    }
    out.flush();
  }
}
