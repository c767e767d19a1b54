package dev.perennial.prove;

import dev.perennial.app.cli.PerennialCommand;
import dev.perennial.app.config.Durations;
import dev.perennial.app.role.Interruption;
import dev.perennial.prove.Prove.Options;
import dev.perennial.prove.arena.Providers;
import dev.perennial.prove.arena.RealProvider;
import java.io.File;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code perennial prove}. */
@Command(
    name = "prove",
    description = {
      "Run everything in separate processes, let go wrong what can go wrong, and judge by the"
          + " provider's ledger, the topics and Redis whether every guarantee held;",
      "exit code 0 only where each of them did."
    })
final class ProveCommand implements Callable<Integer> {
  private static final Duration CLEAN_UP = Duration.ofMinutes(1);
  private static final Duration SHORTEST = Duration.ofSeconds(10);

  private final PerennialCommand top;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      converter = Span.class,
      defaultValue = "2m",
      description = "How long things go wrong, 10s or more. Default: ${DEFAULT-VALUE}.")
  private Duration length = Duration.ofMinutes(2);

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      description = "What goes wrong and when; printed at the begin. Default: any.")
  private @Nullable Long seed;

  @Option(
      names = "--faults",
      paramLabel = "all|none",
      defaultValue = "all",
      description = "none = the same run in peace, to compare with. Default: ${DEFAULT-VALUE}.")
  private String faults = "all";

  @Option(
      names = "--connections",
      paramLabel = "NUMBER",
      defaultValue = "240",
      description = "Made at the begin; more come all along. Default: ${DEFAULT-VALUE}.")
  private int connections = 240;

  @Option(
      names = "--integration",
      paramLabel = "FILE",
      description =
          "A definition of a real server in place of the pretend providers; its variables come from"
              + " the environment.")
  private @Nullable Path integration;

  @Option(
      names = "--user",
      paramLabel = "NAME:PASSWORD",
      defaultValue = "user:password",
      description = "With --integration: whom its forms ask for.")
  private String user = "user:password";

  @Option(
      names = "--public-port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description =
          "With --integration: the server must know the redirect URL"
              + " http://localhost:PORT/callback/<integration>. Default: ${DEFAULT-VALUE}.")
  private int publicPort = 8080;

  @Option(
      names = "--upgrade-from",
      paramLabel = "DIR",
      description = {
        "An older checkout that was built (by its own ./perennial --version). Every worker begins"
            + " as that version and is rolled over to this one, back again, and over again, one"
            + " after the other within --for; ops/upgrade/rolling-upgrade does it for a commit."
      })
  private @Nullable Path older;

  ProveCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public Integer call() {
    require(faults.equals("all") || faults.equals("none"), "--faults is 'all' or 'none'");
    require(connections > 0 && connections <= 10_000, "--connections is 1 to 10000");
    require(length.compareTo(SHORTEST) >= 0, "--for is 10s or more");
    long chosen = seed == null ? new SecureRandom().nextLong(1_000_000) : seed;
    Options options =
        new Options(
            length,
            chosen,
            faults.equals("all"),
            connections,
            integration == null ? 0 : publicPort,
            integration == null ? "" : integration.toString(),
            older == null ? "" : classPath(top.surroundings().directory().resolve(older)));
    Interruption interruption = new Interruption(CLEAN_UP);
    return interruption.guard(() -> run(options, interruption));
  }

  private int run(Options options, Interruption interruption) {
    PrintWriter out = top.surroundings().out();
    if (integration == null) {
      return Prove.simulated(options, out, interruption);
    }
    int colon = user.indexOf(':');
    require(colon > 0, "--user is NAME:PASSWORD");
    try (Providers provider =
        RealProvider.of(
            top.surroundings().directory().resolve(integration),
            top.surroundings().environment(),
            "http://localhost:" + publicPort)) {
      String name = user.substring(0, colon);
      return Prove.against(provider, name, user.substring(colon + 1), options, out, interruption);
    }
  }

  private String classPath(Path checkout) {
    Path bench = checkout.resolve("modules/bench/target"); // where the launcher builds since
    Path built =
        Files.isDirectory(bench.resolve("lib")) ? bench : checkout.resolve("modules/prove/target");
    require(
        Files.isDirectory(built.resolve("lib")),
        "--upgrade-from: no build in " + checkout + "; run ./perennial --version there");
    return built.resolve("classes") + File.pathSeparator + built.resolve("lib") + "/*";
  }

  private void require(boolean well, String what) {
    if (!well && spec != null) {
      throw new ParameterException(spec.commandLine(), what);
    }
  }

  /** Durations as everywhere. */
  static final class Span implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      try {
        return Durations.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException("'" + text + "': " + e.getMessage());
      }
    }
  }
}
