package dev.perennial.app.role;

import dev.perennial.app.config.PerennialConfig;
import dev.perennial.domain.Secret;
import dev.perennial.sealing.KeyRing;
import dev.perennial.sealing.KmsAwayException;
import dev.perennial.sealing.LiveKeyRing;
import dev.perennial.sealing.Wrapping;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The key ring that an installation has chosen. */
public final class KeyRings {
  private static final Logger LOG = LoggerFactory.getLogger(KeyRings.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private KeyRings() {}

  /**
   * The ring, live where it is in a file.
   *
   * @throws StartProblems where none is configured: nothing is ever kept unsealed
   * @throws KmsAwayException where its KMS does not answer now
   * @throws dev.perennial.sealing.KeyRingException where it cannot be read
   */
  public static LiveKeyRing of(PerennialConfig config) {
    Optional<Secret> keyset = config.keys().keyset();
    if (keyset.isPresent()) {
      KeyRing ring = wrapping(config).read(keyset.get().reveal(), "key ring (keys.keyset)");
      return LiveKeyRing.fixed(ring);
    }
    return LiveKeyRing.of(file(config), wrapping(config), new Told());
  }

  /**
   * The same, waiting for a KMS that does not answer, however long.
   *
   * @param stopped waits that long, and says whether to give up
   * @return null where it was given up
   */
  public static @Nullable LiveKeyRing awaited(PerennialConfig config, Predicate<Duration> stopped) {
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return of(config);
      } catch (KmsAwayException e) {
        LOG.warn("{}; trying again in {} s", e.getMessage(), pause.toSeconds());
        if (stopped.test(pause)) {
          return null;
        }
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
      }
    }
  }

  /** How the ring is written down: {@code keys.kms-uri}. */
  public static Wrapping wrapping(PerennialConfig config) {
    return config.keys().kmsUri().map(Wrapping::kms).orElse(Wrapping.NONE);
  }

  private static Path file(PerennialConfig config) {
    return config
        .keys()
        .file()
        .orElseThrow(() ->
            new StartProblems(
                List.of(
                    "no key to seal credentials with: make one with 'perennial keys new"
                        + " --out keys.json' and set keys.file")));
  }

  private static final class Told implements LiveKeyRing.Listener {
    @Override
    public void changed(KeyRing ring) {
      LOG.info("the key ring has changed: keys {}, sealing with {}", ring, ring.primaryKeyId());
    }

    @Override
    public void unreadable(String why) {
      LOG.error("{} The key ring read before stays in use.", why);
    }
  }
}
