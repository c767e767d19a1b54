package dev.perennial.app.cli;

import dev.perennial.app.role.Role;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code perennial run ingress,exchanger}: roles against a given Kafka and Redis. */
@Command(
    name = "run",
    description = "Run roles against your Kafka and Redis until stopped (SIGTERM drains).")
final class RunCommand implements Callable<Integer> {
  private final PerennialCommand top;
  private final RoleRunner runner;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "ROLE[,ROLE]",
      description = "ingress, exchanger, scheduler, credentials, or all.")
  private String roles = "";

  @Option(
      names = "--public-port",
      paramLabel = "PORT",
      description = "For browsers; 0 = any free one, printed. Default: public.port.")
  private @Nullable Integer publicPort;

  @Option(
      names = "--admin-port",
      paramLabel = "PORT",
      description = "For the admin API and health; 0 = any free one, printed. Default: admin.port.")
  private @Nullable Integer adminPort;

  RunCommand(PerennialCommand top, RoleRunner runner) {
    this.top = top;
    this.runner = runner;
  }

  @Override
  public Integer call() {
    Set<Role> parsed = parse();
    Map<String, String> flags = new HashMap<>();
    if (publicPort != null) {
      flags.put("public.port", publicPort.toString());
    }
    if (adminPort != null) {
      flags.put("admin.port", adminPort.toString());
    }
    return runner.run(top.installation(flags), parsed, top.surroundings());
  }

  private Set<Role> parse() {
    try {
      return Role.parse(roles);
    } catch (IllegalArgumentException e) {
      if (spec == null) {
        throw e;
      }
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
