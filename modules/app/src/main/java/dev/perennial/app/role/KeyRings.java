package dev.perennial.app.role;

import dev.perennial.app.config.PerennialConfig;
import dev.perennial.domain.Secret;
import dev.perennial.sealing.KeyRing;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The key ring that an installation has chosen. */
public final class KeyRings {
  private KeyRings() {}

  /**
   * @throws StartProblems where none is configured: nothing is ever kept unsealed
   * @throws dev.perennial.sealing.KeyRingException where it cannot be read
   */
  public static KeyRing of(PerennialConfig config) {
    Optional<Secret> keyset = config.keys().keyset();
    if (keyset.isPresent()) {
      return KeyRing.read(keyset.get().reveal());
    }
    Path file =
        config
            .keys()
            .file()
            .orElseThrow(() ->
                new StartProblems(
                    List.of(
                        "no key to seal credentials with: make one with 'perennial keys new"
                            + " --out keys.json' and set keys.file")));
    return KeyRing.load(file);
  }
}
