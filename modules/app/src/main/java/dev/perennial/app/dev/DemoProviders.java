package dev.perennial.app.dev;

import dev.perennial.devstack.provider.ProviderProfile;
import dev.perennial.devstack.provider.ProviderProfile.Consent;
import dev.perennial.devstack.provider.ProviderSimulator;
import dev.perennial.devstack.provider.Rotation;
import dev.perennial.devstack.provider.SimulatedProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The pretend providers of the demo, each with another way of treating refresh tokens, and their
 * definition files.
 */
final class DemoProviders {
  /** Ends the grant of whoever uses a refresh token twice. */
  static final String STRICT = "orchard";

  private final List<ProviderProfile> profiles;

  /**
   * @param life of every access token
   */
  DemoProviders(Duration life) {
    profiles =
        List.of(
            profile(STRICT, life).build(),
            profile("meadow", life).rotation(Rotation.reusableFor(Duration.ofSeconds(30))).build(),
            profile("harbor", life).rotation(Rotation.NEVER).build(),
            profile("garden", life).consent(Consent.PAGE).build());
  }

  private static ProviderProfile.Builder profile(String name, Duration life) {
    return ProviderProfile.named(name)
        .client(name + "-client", name + "-secret-6f2a")
        .accessTokenLife(life);
  }

  ProviderSimulator start() {
    return ProviderSimulator.start(0, profiles);
  }

  Stream<String> names() {
    return profiles.stream().map(ProviderProfile::name);
  }

  /** Writes a definition file for each provider. */
  void writeDefinitions(Path directory, ProviderSimulator simulator) {
    try {
      Files.createDirectories(directory);
      for (ProviderProfile profile : profiles) {
        Files.writeString(
            directory.resolve(profile.name() + ".json"),
            definition(simulator.provider(profile.name())));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String definition(SimulatedProvider provider) {
    return """
    {
      "oauth": {
        "authenticate_url": "%s?client_id={{CLIENT_ID}}&redirect_uri={{redirect_url}}&response_type=code&scope=mail.read",
        "pkce": true,
        "access_token": {
          "url": "%s",
          "data": {
            "client_id": "{{ CLIENT_ID }}",
            "client_secret": "{{ CLIENT_SECRET }}",
            "grant_type": "authorization_code",
            "redirect_uri": "{{ redirect_url }}"
          }
        },
        "refresh": {
          "url": "%s",
          "data": {
            "client_id": "{{ CLIENT_ID }}",
            "client_secret": "{{ CLIENT_SECRET }}",
            "grant_type": "refresh_token",
            "refresh_token": "{{ oauth.refresh_token }}"
          }
        }%s
      }
    }
    """
        .formatted(
            provider.authorizeUri(),
            provider.tokenUri(),
            provider.tokenUri(),
            lifetime(provider.profile().name()));
  }

  /** What the vendor's documentation would say about replays. */
  private static String lifetime(String provider) {
    return switch (provider) {
      case "meadow" -> ",\n    \"lifetime\": { \"reuse_window\": \"30s\" }";
      case "harbor" -> ",\n    \"lifetime\": { \"reuse_window\": \"always\" }";
      default -> "";
    };
  }

  /** Values of the definitions' variables, as the environment would have them. */
  Map<String, String> variables() {
    Map<String, String> environment = new LinkedHashMap<>();
    for (ProviderProfile profile : profiles) {
      String prefix = "PERENNIAL_" + profile.name().toUpperCase(Locale.ROOT);
      environment.put(prefix + "_CLIENT_ID", profile.clientId());
      environment.put(prefix + "_CLIENT_SECRET", profile.clientSecret());
    }
    return environment;
  }
}
