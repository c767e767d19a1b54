package dev.perennial.app.cli;

import dev.perennial.app.access.ApiKey;
import dev.perennial.app.access.ApiKeyFile;
import dev.perennial.app.access.ApiKeyToken;
import dev.perennial.app.access.Scope;
import dev.perennial.app.audit.Action;
import dev.perennial.app.config.Durations;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code perennial keys api new}: makes a key, shows it once and keeps its hash. */
@Command(
    name = "new",
    description = {
      "Make a key of the admin API.",
      "The key goes to standard output, once: only its SHA-256 is kept. Everything else goes to"
          + " standard error.",
      "Scopes: connections:read, credentials:read, connections:write, metrics:read, and admin,"
          + " which is all of them and the export."
    })
final class KeysApiNewCommand implements Runnable {
  private final PerennialCommand top;

  @Mixin private ApiKeysOption keys = new ApiKeysOption();

  @Option(
      names = "--name",
      required = true,
      paramLabel = "NAME",
      description = "What it is for: 1 to 100 printable ASCII characters.")
  private String name = "";

  @Option(
      names = "--scope",
      required = true,
      split = ",",
      paramLabel = "SCOPE",
      description = "What it may do; several separated by commas.")
  private List<String> scopes = List.of();

  @Option(
      names = "--integration",
      split = ",",
      paramLabel = "NAME",
      description = "Only these integrations; several separated by commas. Default: all.")
  private @Nullable List<String> integrations;

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      description = "For how long it is good, such as 90d. Default: until it is revoked.")
  private @Nullable String expires;

  KeysApiNewCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public void run() {
    ApiKeyToken token = ApiKeyToken.create(new SecureRandom());
    ApiKey key = key(token, InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS));
    Path path = keys.path(top);
    ApiKeysOption.change(path, before -> with(before, key));
    CommandAudit.tell(Action.API_KEY_CREATE, key.id());
    PrintWriter err = top.surroundings().err();
    err.println("added key " + key.id() + " (" + key.name() + ") to " + path);
    err.println("next: processes find it with PERENNIAL_ADMIN_API_KEYS=" + path.toAbsolutePath());
    err.flush();
    top.surroundings().out().println(token.text().reveal());
    top.surroundings().out().flush();
  }

  private static List<ApiKey> with(List<ApiKey> before, ApiKey key) {
    if (before.size() >= ApiKeyFile.MOST) {
      throw new CommandFailure(
          "there are " + before.size() + " keys, the most there can be. Revoke some first.");
    }
    List<ApiKey> after = new ArrayList<>(before);
    after.add(key);
    return after;
  }

  private ApiKey key(ApiKeyToken token, Instant now) {
    try {
      return new ApiKey(
          token.id(),
          name,
          scopes(),
          Optional.ofNullable(integrations).map(LinkedHashSet::new),
          now,
          Optional.ofNullable(expires).map(text -> now.plus(Durations.parse(text))),
          token.sha256());
    } catch (IllegalArgumentException e) {
      throw new CommandFailure("no key was made: " + e.getMessage());
    }
  }

  private Set<Scope> scopes() {
    Set<Scope> found = new LinkedHashSet<>();
    for (String text : scopes) {
      found.add(
          Scope.find(text)
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "there is no scope " + text + "; there are " + Scope.names())));
    }
    return found;
  }
}
