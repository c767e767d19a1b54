package dev.perennial.app.role;

import dev.perennial.app.access.AdminKey;
import dev.perennial.app.access.ApiKeys;
import dev.perennial.app.access.Callers;
import dev.perennial.app.access.IssuerKeys;
import dev.perennial.app.access.JwtCallers;
import dev.perennial.app.config.PerennialConfig;
import dev.perennial.domain.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Everybody whom the configuration lets use the admin listener. */
final class AdminCallers {
  private AdminCallers() {}

  /**
   * @throws StartProblems where the file of API keys cannot be read
   */
  static Callers of(PerennialConfig.AdminListener admin, InstantSource clock) {
    List<Callers> ways = new ArrayList<>();
    Optional<Secret> token = admin.token();
    ways.add(token.isPresent() ? AdminKey.of(token.get()) : AdminKey.none());
    admin.apiKeys().ifPresent(file -> ways.add(keys(file, clock)));
    admin.jwt().issuer().ifPresent(issuer -> ways.add(tokens(issuer, admin.jwt(), clock)));
    return Callers.any(ways.toArray(Callers[]::new));
  }

  private static Callers tokens(URI issuer, PerennialConfig.Jwt jwt, InstantSource clock) {
    return new JwtCallers(
        new IssuerKeys(issuer, jwt.jwksUri(), clock, System::nanoTime),
        jwt.audience().orElseThrow(), // the configuration is refused without
        clock,
        System::nanoTime);
  }

  private static Callers keys(Path file, InstantSource clock) {
    try {
      return new ApiKeys(file, clock, System::nanoTime);
    } catch (IOException e) {
      throw new StartProblems(List.of(Objects.toString(e.getMessage(), "")));
    }
  }
}
