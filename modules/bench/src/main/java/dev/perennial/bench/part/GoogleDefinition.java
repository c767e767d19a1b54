package dev.perennial.bench.part;

import dev.perennial.domain.definition.Integration;
import dev.perennial.integration.DefinitionReader;
import dev.perennial.integration.IntegrationCatalog;
import dev.perennial.integration.Reading;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** {@code integrations/google.json} of this project, with values as long as Google's. */
final class GoogleDefinition {
  private static final String FILE = "google.json";
  private static final Map<String, String> VARIABLES =
      Map.of(
          "PERENNIAL_GOOGLE_CLIENT_ID",
          "123456789012-" + "c".repeat(32) + ".apps.googleusercontent.com",
          "PERENNIAL_GOOGLE_CLIENT_SECRET",
          "GOCSPX-" + "s".repeat(28));

  private GoogleDefinition() {}

  static Integration bound() {
    return switch (new DefinitionReader().read(FILE, content())) {
      case Reading.Usable usable ->
          new IntegrationCatalog(
                  List.of(usable.definition()),
                  name -> Optional.ofNullable(VARIABLES.get(name)),
                  InstantSource.system(),
                  new SecureRandom())
              .find("google")
              .orElseThrow();
      case Reading.Unreadable unreadable ->
          throw new IllegalStateException(unreadable.findings().toString());
    };
  }

  private static byte[] content() {
    try (InputStream in = GoogleDefinition.class.getResourceAsStream(FILE)) {
      return Objects.requireNonNull(in, FILE).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
