package dev.perennial.app.cli;

import dev.perennial.app.config.PerennialConfig;
import dev.perennial.app.role.Interruption;
import dev.perennial.app.role.Reshard;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code perennial reshard}. */
@Command(
    name = "reshard",
    description = {
      "Move every connection to another installation beside this one: more shards, other prefixes,"
          + " other servers (docs/operations.md). All roles must be stopped; the configuration is"
          + " that of the old installation, the options say what is other in the new one.",
      "Makes the new topics, copies everything as it is sealed and builds the new Redis. The old"
          + " installation is left as it is. Exit code 1 where something stands against it; nothing"
          + " was copied then."
    })
final class ReshardCommand implements Callable<Integer> {
  private static final Duration GOODBYE = Duration.ofSeconds(30);
  private static final int INTERRUPTED = 130;

  private final PerennialCommand top;

  @Option(
      names = "--shards",
      required = true,
      paramLabel = "NUMBER",
      description = "Of the new one.")
  private String shards = "";

  @Option(names = "--topics-prefix", paramLabel = "PREFIX", description = "topics.prefix then.")
  private @Nullable String topicsPrefix;

  @Option(names = "--redis-prefix", paramLabel = "PREFIX", description = "redis.prefix then.")
  private @Nullable String redisPrefix;

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT",
      description = "kafka.bootstrap-servers then.")
  private @Nullable String kafka;

  @Option(
      names = "--redis-uri-env",
      paramLabel = "NAME",
      description = "The environment variable that holds redis.uri then (it may hold a password).")
  private @Nullable String redisUriVariable;

  @Option(names = "--dry-run", description = "Check everything, count, and copy nothing.")
  private boolean dryRun;

  ReshardCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public Integer call() {
    PerennialConfig from = top.config(Map.of());
    PerennialConfig to = top.config(flags());
    Reshard.Progress progress = progress();
    Interruption interruption = new Interruption(GOODBYE);
    return interruption.guard(
        () -> tell(from, to, Reshard.run(from, to, dryRun, progress, interruption::asked)));
  }

  private Reshard.Progress progress() {
    Map<Reshard.Step, Ticker> tickers = new EnumMap<>(Reshard.Step.class);
    for (Reshard.Step step : Reshard.Step.values()) {
      tickers.put(step, new Ticker(top.surroundings().err(), step.text(), System::nanoTime));
    }
    return (step, count) -> Objects.requireNonNull(tickers.get(step)).at(count);
  }

  private Map<String, String> flags() {
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put("shards", shards);
    put(flags, "topics.prefix", topicsPrefix);
    put(flags, "redis.prefix", redisPrefix);
    put(flags, "kafka.bootstrap-servers", kafka);
    if (redisUriVariable != null) {
      String uri = top.surroundings().environment().get(redisUriVariable);
      if (uri == null) {
        throw new CommandFailure("--redis-uri-env: " + redisUriVariable + " is not set");
      }
      flags.put("redis.uri", uri);
    }
    return flags;
  }

  private static void put(Map<String, String> flags, String key, @Nullable String value) {
    if (value != null) {
      flags.put(key, value);
    }
  }

  private int tell(PerennialConfig from, PerennialConfig to, Reshard.Outcome outcome) {
    outcome.problems().forEach(problem -> top.surroundings().err().println(problem));
    top.surroundings().err().flush();
    if (!outcome.problems().isEmpty()) {
      return 1;
    }
    PrintWriter out = top.surroundings().out();
    if (outcome.whole()) {
      out.printf(
          "%s: connections=%d shards=%d to=%d topics=%s redis=%s%n",
          dryRun ? "would move" : "moved",
          outcome.connections(),
          from.shards(),
          to.shards(),
          to.topics().prefix(),
          to.redis().prefix());
    } else {
      out.println("stopped before the end; nothing uses the new installation yet: run it again");
    }
    out.flush();
    return outcome.whole() ? 0 : INTERRUPTED;
  }
}
