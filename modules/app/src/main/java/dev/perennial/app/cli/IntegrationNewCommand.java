package dev.perennial.app.cli;

import dev.perennial.app.config.PerennialConfig;
import dev.perennial.app.role.Metadata;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.integration.DefinitionReader;
import dev.perennial.integration.Finding;
import dev.perennial.integration.Reading;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code perennial integration new}: a first definition, from metadata or from answers. */
@Command(
    name = "new",
    description = {
      "Write a first definition of a provider.",
      "With --issuer its metadata say the rest (OpenID Connect Discovery, RFC 8414). Without, what"
          + " no option says is asked."
    })
final class IntegrationNewCommand implements Runnable {
  private final PerennialCommand top;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..1",
      description = "Name of the integration: [a-z0-9-], e.g. acme-crm.")
  private @Nullable String slug;

  @Option(
      names = "--issuer",
      paramLabel = "URL",
      description = "The authorization server, e.g. https://id.example.com/realms/main.")
  private @Nullable String issuer;

  @Option(names = "--authorize-url", paramLabel = "URL", description = "The consent page.")
  private @Nullable String authorizeUrl;

  @Option(names = "--token-url", paramLabel = "URL", description = "The token endpoint.")
  private @Nullable String tokenUrl;

  @Option(names = "--scope", paramLabel = "SCOPE", description = "Asked for; may be repeated.")
  private @Nullable List<String> scopes;

  @Option(
      names = "--client-authentication",
      paramLabel = "form|basic",
      description = "Where client id and secret stand in a token request.")
  private @Nullable String authentication;

  @Option(
      names = "--pkce",
      negatable = true,
      description = "Whether the provider knows PKCE (S256).")
  private @Nullable Boolean pkce;

  @Option(
      names = "--refresh",
      negatable = true,
      description = "Whether tokens are renewed with a refresh token.")
  private @Nullable Boolean refresh;

  @Option(
      names = "--documentation",
      paramLabel = "URL",
      description = "The provider's page about OAuth 2.0.")
  private @Nullable String documentation;

  IntegrationNewCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public void run() {
    PerennialConfig config = top.config(Map.of());
    String name =
        slug == null
            ? ask().text("Name of the integration", "NAME", null, IntegrationNewCommand::refuseName)
            : slug;
    refuseName(name).ifPresent(reason -> fail(name + ": " + reason));
    Path file =
        top.surroundings()
            .directory()
            .resolve(config.integrations().directory())
            .resolve(name + ".json");
    if (Files.exists(file)) {
      throw exists(file);
    }
    DefinitionDraft draft = issuer == null ? asked(name) : discovered(name, issuer, config);
    String json = draft.json();
    check(file, json);
    write(file, json);
    tell(file, name, config);
  }

  private Questions ask() {
    return new Questions(top.surroundings().in(), top.surroundings().err());
  }

  private DefinitionDraft asked(String name) {
    String authorize =
        authorizeUrl == null
            ? ask().text("URL of the consent page", "--authorize-url", null, this::refuseUrl)
            : authorizeUrl;
    refuseUrl(authorize).ifPresent(reason -> fail("--authorize-url: " + reason));
    String token =
        tokenUrl == null
            ? ask().text("URL of the token endpoint", "--token-url", null, this::refuseUrl)
            : tokenUrl;
    refuseUrl(token).ifPresent(reason -> fail("--token-url: " + reason));
    List<String> wanted =
        scopes == null
            ? words(
                ask().text("Scopes, separated by spaces", "--scope", "none", _ -> Optional.empty()))
            : scopes;
    boolean basic =
        authentication == null
            ? ask().yes("HTTP Basic at the token endpoint", "--client-authentication", false)
            : basic(authentication);
    return new DefinitionDraft(
        name,
        documentation,
        null,
        authorize,
        token,
        wanted,
        basic,
        pkce == null ? ask().yes("PKCE (S256)", "--pkce or --no-pkce", true) : pkce,
        refresh == null
            ? ask()
                .yes("A refresh token renews the access token", "--refresh or --no-refresh", true)
            : refresh,
        false);
  }

  private DefinitionDraft discovered(String name, String from, PerennialConfig config) {
    refuseUrl(from).ifPresent(reason -> fail("--issuer: " + reason));
    PrintWriter err = top.surroundings().err();
    err.println("reading the metadata of " + from + " …");
    err.flush();
    Metadata metadata = Metadata.read(from, config);
    for (String needed : List.of("authorization_endpoint", "token_endpoint")) {
      if (metadata.text(needed).isEmpty()) {
        fail(metadata.url() + " names no " + needed + ": leave --issuer out and say the URLs");
      }
    }
    List<String> authentications = metadata.texts("token_endpoint_auth_methods_supported");
    boolean basic =
        authentication == null
            // RFC 8414 section 2: Basic where nothing is said
            ? !authentications.contains("client_secret_post")
            : basic(authentication);
    List<String> offered = metadata.texts("scopes_supported");
    return new DefinitionDraft(
        name,
        documentation == null ? metadata.text("service_documentation").orElse(null) : documentation,
        metadata.url(),
        "",
        "",
        scopes == null
            ? List.of("openid", "offline_access").stream().filter(offered::contains).toList()
            : scopes,
        basic,
        pkce == null ? metadata.texts("code_challenge_methods_supported").contains("S256") : pkce,
        refresh == null
            ? metadata.texts("grant_types_supported").isEmpty()
                || metadata.texts("grant_types_supported").contains("refresh_token")
            : refresh,
        metadata.text("revocation_endpoint").isPresent());
  }

  private static boolean basic(String said) {
    return switch (said) {
      case "basic" -> true;
      case "form" -> false;
      default -> throw new CommandFailure("--client-authentication is form or basic");
    };
  }

  private static List<String> words(String text) {
    return text.equals("none") ? List.of() : List.of(text.split("[ ,]+"));
  }

  private static Optional<String> refuseName(String name) {
    return ConnectionKey.isSlug(name)
        ? Optional.empty()
        : Optional.of("a name has a-z, 0-9 and hyphens, at most 63, and no hyphen first");
  }

  private Optional<String> refuseUrl(String text) {
    try {
      URI url = new URI(text);
      boolean usable =
          url.getHost() != null
              && url.getRawFragment() == null
              && url.getRawQuery() == null
              && List.of("https", "http").contains(url.getScheme());
      return usable
          ? Optional.empty()
          : Optional.of("an https URL without query and fragment is needed");
    } catch (URISyntaxException e) {
      return Optional.of("not a URL");
    }
  }

  private static void fail(String reason) {
    throw new CommandFailure(reason);
  }

  /** What cannot be used is not written. */
  private static void check(Path file, String json) {
    Reading reading =
        new DefinitionReader().read(file.toString(), json.getBytes(StandardCharsets.UTF_8));
    if (reading instanceof Reading.Unreadable(List<Finding> findings)) {
      throw new CommandFailure(
          "what was said makes no usable definition:\n"
              + String.join("\n", findings.stream().map(Finding::toString).toList()));
    }
  }

  private static CommandFailure exists(Path file) {
    return new CommandFailure(file + " exists, and a definition is never overwritten.");
  }

  private static void write(Path file, String json) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.writeString(file, json, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw exists(file);
    } catch (IOException e) {
      throw new CommandFailure(file + " cannot be written: " + e.getMessage());
    }
  }

  private void tell(Path file, String name, PerennialConfig config) {
    String prefix = "PERENNIAL_" + name.toUpperCase(java.util.Locale.ROOT).replace('-', '_');
    PrintWriter out = top.surroundings().out();
    out.println("wrote " + file);
    out.println(
        "next: register the redirect URL "
            + config.publicListener().url()
            + "/callback/"
            + name
            + " with the provider,");
    out.println("      set " + prefix + "_CLIENT_ID and " + prefix + "_CLIENT_SECRET,");
    out.println("      look at it with: perennial check --render " + file);
    out.flush();
  }
}
