package dev.perennial.app.role;

import dev.perennial.app.cli.CommandFailure;
import dev.perennial.app.config.PerennialConfig;
import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.ProviderCalls.CallFailedException;
import dev.perennial.exchanger.ExchangerTiming;
import dev.perennial.exchanger.HttpProviderCalls;
import dev.perennial.exchanger.TokenEndpoint;
import dev.perennial.integration.DefinitionReader;
import dev.perennial.integration.IntegrationCatalog;
import dev.perennial.integration.Reading;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an authorization server says of itself (RFC 8414, OpenID Connect Discovery), read with the
 * same care as everything of a provider. Immutable.
 *
 * @param url where it was found
 */
public record Metadata(String url, Map<String, ? extends @Nullable Object> values) {

  /**
   * Reads the metadata of an issuer, from either place where they may be.
   *
   * @throws CommandFailure where they are in neither
   */
  public static Metadata read(String issuer, PerennialConfig config) {
    SecureRandom random = new SecureRandom();
    ExchangerTiming timing =
        new ExchangerTiming(
            Settings.times(config),
            Settings.policy(config),
            Settings.backoff(config, random),
            InstantSource.system(),
            System::nanoTime);
    List<String> reasons = new ArrayList<>();
    try (TokenEndpoint endpoint =
        new TokenEndpoint(
            Settings.exchanger(config, NodeOptions.PRODUCTION), InstantSource.system(), random)) {
      HttpProviderCalls calls = new HttpProviderCalls(endpoint, timing);
      for (String url : places(issuer)) {
        try {
          Integration integration = integration(url, random);
          FlowValues values = FlowValues.forCode("https://localhost", null, null, Map.of());
          Metadata found = new Metadata(url, calls.discover(integration, values).discovery());
          if (found.isOf(issuer)) {
            return found;
          }
          reasons.add(url + ": of another issuer, " + found.text("issuer").orElse("unnamed"));
        } catch (CallFailedException e) {
          reasons.add(url + ": " + e.getMessage());
        }
      }
    }
    throw new CommandFailure("no metadata found:\n" + String.join("\n", reasons));
  }

  /** RFC 8414 section 3.3; of a metadata URL nobody knows the issuer beforehand. */
  private boolean isOf(String issuer) {
    return issuer.contains("/.well-known/")
        || text("issuer").map(Metadata::bare).equals(Optional.of(bare(issuer)));
  }

  private static String bare(String url) {
    return url.replaceAll("/+$", "");
  }

  /** OpenID Connect Discovery section 4, RFC 8414 section 3.1. */
  private static List<String> places(String issuer) {
    String base = bare(issuer);
    if (base.contains("/.well-known/")) {
      return List.of(base);
    }
    int path = base.indexOf('/', base.indexOf("://") + 3);
    String origin = path < 0 ? base : base.substring(0, path);
    String rest = path < 0 ? "" : base.substring(path);
    return List.of(
        base + "/.well-known/openid-configuration",
        origin + "/.well-known/oauth-authorization-server" + rest);
  }

  private static Integration integration(String url, SecureRandom random) {
    String json =
        """
        {"oauth": {"discovery": "%s", "access_token": {"url": "{{ discovery.token_endpoint }}"}}}
        """
            .formatted(url.replace("\\", "").replace("\"", ""));
    Reading reading =
        new DefinitionReader().read("metadata.json", json.getBytes(StandardCharsets.UTF_8));
    return switch (reading) {
      case Reading.Usable(var definition, var _) ->
          new IntegrationCatalog(
                  List.of(definition), _ -> Optional.empty(), InstantSource.system(), random)
              .find("metadata")
              .orElseThrow();
      case Reading.Unreadable(var findings) ->
          throw new CommandFailure(url + " cannot be used: " + findings.getFirst().reason());
    };
  }

  /** A member that is a text. */
  public Optional<String> text(String name) {
    return values.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /** The texts of a member that is a list; empty where there is none. */
  public List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    if (values.get(name) instanceof List<?> list) {
      list.forEach(item -> texts.add(String.valueOf(item)));
    }
    return texts;
  }
}
