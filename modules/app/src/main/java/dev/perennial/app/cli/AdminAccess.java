package dev.perennial.app.cli;

import dev.perennial.app.config.PerennialConfig;
import dev.perennial.domain.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command that asks the admin API, and how it is found. */
final class AdminAccess {

  @Option(
      names = "--admin-url",
      paramLabel = "URL",
      description = "The admin API. Default: admin.host and admin.port.")
  private @Nullable URI url;

  @Option(
      names = "--admin-token",
      paramLabel = "TOKEN",
      description =
          "Its token; others on this machine can see it here, so better set PERENNIAL_ADMIN_TOKEN."
              + " Default: admin.token.")
  private @Nullable String token;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data",
      description =
          "Data directory of perennial up, asked where no token is configured. Default:"
              + " ${DEFAULT-VALUE}.")
  private Path data = Path.of("data");

  /** The admin API, by option, by configuration, or by what {@code perennial up} left. */
  AdminClient client(PerennialCommand top) {
    PerennialConfig.AdminListener admin = top.config(Map.of()).adminListener();
    Optional<Secret> given = Optional.ofNullable(token).map(Secret::of).or(() -> admin.token());
    if (given.isPresent()) {
      return new AdminClient(url == null ? url(admin) : url, given.get());
    }
    AdminFile file =
        AdminFile.read(top.surroundings().directory().resolve(data))
            .orElseThrow(() -> new CommandFailure(unknown()));
    return new AdminClient(url == null ? file.url() : url, file.token());
  }

  private String unknown() {
    return "no token for the admin API: set PERENNIAL_ADMIN_TOKEN (or admin.token), or start"
        + " perennial up, which leaves its own in "
        + data.resolve("admin.json");
  }

  /** Where a process with this configuration listens, as seen from its own machine. */
  static URI url(PerennialConfig.AdminListener admin) {
    if (admin.port() == 0) {
      throw new CommandFailure(
          "admin.port is 0, so the port is known only to the process that took it: give it with"
              + " --admin-url");
    }
    String host = admin.host().equals("0.0.0.0") ? "127.0.0.1" : admin.host();
    String literal = host.contains(":") ? "[" + host + "]" : host; // RFC 3986 section 3.2.2
    return URI.create("http://" + literal + ":" + admin.port());
  }
}
