package dev.perennial.prove.arena;

import dev.perennial.app.cli.CommandFailure;
import dev.perennial.devstack.provider.Fault;
import dev.perennial.devstack.provider.RecordingProxy;
import dev.perennial.domain.Secret;
import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.ReuseWindow;
import dev.perennial.domain.definition.TokenRequest;
import dev.perennial.integration.Definition;
import dev.perennial.integration.DefinitionDirectory;
import dev.perennial.integration.IntegrationCatalog;
import dev.perennial.prove.guarantee.Promise;
import dev.perennial.prove.witness.LedgerWitness;
import dev.perennial.prove.witness.ProviderWitness;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A real server, by an ordinary definition. Its token requests are led through a proxy that keeps
 * the ledger and can break.
 */
public final class RealProvider implements Providers {
  private final String slug;
  private final String definition;
  private final Map<String, String> variables;
  private final Promise promise;
  private final URI tokenEndpoint;
  private final RecordingProxy proxy;

  private RealProvider(
      String slug,
      String definition,
      Map<String, String> variables,
      Promise promise,
      URI tokenEndpoint) {
    this.slug = slug;
    this.definition = definition;
    this.variables = Map.copyOf(variables);
    this.promise = promise;
    this.tokenEndpoint = tokenEndpoint;
    this.proxy = RecordingProxy.start(slug, tokenEndpoint, promise.reuseWindow());
  }

  /**
   * Reads a definition and starts the proxy.
   *
   * @param environment where its variables come from
   * @throws CommandFailure where it cannot be proved with
   * @throws dev.perennial.integration.DefinitionProblems where it cannot be read
   */
  public static RealProvider of(Path file, Map<String, String> environment, String redirectBase) {
    Path name = file.getFileName();
    if (name == null || !Files.isRegularFile(file) || !name.toString().endsWith(".json")) {
      throw new CommandFailure(file + " is no definition file (<integration>.json)");
    }
    String slug = name.toString().substring(0, name.toString().length() - ".json".length());
    String text = text(file);
    Definition read = read(name.toString(), text);
    Map<String, String> variables = new LinkedHashMap<>();
    read.environmentNames().stream()
        .filter(environment::containsKey)
        .forEach(one -> variables.put(one, environment.getOrDefault(one, "")));
    Integration integration = bound(read, variables);
    if (!integration.missingVariables().isEmpty()) {
      throw new CommandFailure(
          slug + ": set " + String.join(", ", integration.missingVariables()) + " first");
    }
    if (!integration.refreshable()) {
      throw new CommandFailure(slug + " has no refresh request: there is nothing to prove");
    }
    return new RealProvider(
        slug,
        text,
        variables,
        promise(integration.lifetime().reuseWindow()),
        tokenEndpoint(integration, redirectBase + "/callback/" + slug));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new CommandFailure(file + " cannot be read: " + e.getMessage());
    }
  }

  /** Alone in a directory, as definitions are read. */
  private static Definition read(String name, String text) {
    try {
      Path folder = Files.createTempDirectory("perennial-prove-definition-");
      Path copy = folder.resolve(name);
      try {
        Files.writeString(copy, text);
        return DefinitionDirectory.read(folder).getFirst();
      } finally {
        Files.deleteIfExists(copy);
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      throw new CommandFailure(name + " cannot be copied: " + e.getMessage());
    }
  }

  private static Integration bound(Definition read, Map<String, String> variables) {
    return new IntegrationCatalog(
            List.of(read),
            one -> Optional.ofNullable(variables.get(one)),
            InstantSource.system(),
            new SecureRandom())
        .find(read.slug())
        .orElseThrow();
  }

  private static Promise promise(ReuseWindow reuse) {
    return reuse.always() ? Promise.STEADY : new Promise(true, reuse.length());
  }

  /** Where both requests go; one proxy has to see all that a token goes through. */
  private static URI tokenEndpoint(Integration integration, String redirectUrl) {
    Secret any = Secret.of("any");
    TokenRequest first =
        integration.tokenRequest(FlowValues.forCode(redirectUrl, any, any, Map.of()));
    TokenRequest later =
        integration.refreshRequest(
            FlowValues.forRefresh(
                redirectUrl, Map.of("access_token", "any", "refresh_token", "any")));
    if (!later.uri().equals(first.uri())) {
      throw new CommandFailure(
          integration.slug() + ": access_token and refresh go to different addresses");
    }
    return first.uri();
  }

  @Override
  public Map<String, String> definitions() {
    return Map.of(slug, definition);
  }

  @Override
  public Map<String, String> variables() {
    return variables;
  }

  @Override
  public Map<URI, URI> tokenEndpoints() {
    return Map.of(tokenEndpoint, proxy.tokenUri());
  }

  @Override
  public ProviderWitness witness() {
    return new LedgerWitness(proxy.ledger());
  }

  @Override
  public Map<String, Promise> promises() {
    return Map.of(slug, promise);
  }

  @Override
  public int atOnce() {
    return 2;
  }

  @Override
  public List<String> faulty() {
    return List.of(slug);
  }

  @Override
  public void breakOne(String name, double share, long seed, Fault fault) {
    proxy.failWithProbability(share, seed, fault);
  }

  @Override
  public void mend(String name) {
    proxy.recover();
  }

  @Override
  public void close() {
    proxy.close();
  }
}
