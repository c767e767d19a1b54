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
  private static final Duration LIFE = Duration.ofSeconds(12);

  private static final List<ProviderProfile> PROFILES =
      List.of(
          profile("orchard").build(),
          profile("meadow").rotation(Rotation.reusableFor(Duration.ofSeconds(30))).build(),
          profile("harbor").rotation(Rotation.NEVER).build(),
          profile("garden").consent(Consent.PAGE).build());

  private DemoProviders() {}

  private static ProviderProfile.Builder profile(String name) {
    return ProviderProfile.named(name)
        .client(name + "-client", name + "-secret-6f2a")
        .accessTokenLife(LIFE);
  }

  static ProviderSimulator start() {
    return ProviderSimulator.start(0, PROFILES);
  }

  static Stream<String> names() {
    return PROFILES.stream().map(ProviderProfile::name);
  }

  /** Writes a definition file for each provider. */
  static void writeDefinitions(Path directory, ProviderSimulator simulator) {
    try {
      Files.createDirectories(directory);
      for (ProviderProfile profile : PROFILES) {
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
  static Map<String, String> variables() {
    Map<String, String> environment = new LinkedHashMap<>();
    for (ProviderProfile profile : PROFILES) {
      String prefix = "PERENNIAL_" + profile.name().toUpperCase(Locale.ROOT);
      environment.put(prefix + "_CLIENT_ID", profile.clientId());
      environment.put(prefix + "_CLIENT_SECRET", profile.clientSecret());
    }
    return environment;
  }
}
