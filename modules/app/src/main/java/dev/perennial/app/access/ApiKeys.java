package dev.perennial.app.access;

import dev.perennial.domain.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The API keys of a file. Whether it has changed is looked at on a request, at most once a second;
 * where it cannot be read any more, the last that could be stays, and the log says so once.
 * Comparing takes the same time wherever secrets differ. Thread-safe.
 */
public final class ApiKeys implements Callers {
  private static final Logger LOG = LoggerFactory.getLogger(ApiKeys.class);
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** The hash of no secret: what an unknown id is compared with. */
  private static final String NONE = "0".repeat(64);

  private final Path file;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final ReentrantLock looking = new ReentrantLock();
  private volatile Map<String, ApiKey> keys;
  private Stamp stamp; // under the lock
  private long looked; // under the lock

  /**
   * Reads them for the first time.
   *
   * @throws IOException where they cannot be read; its message is for the user
   */
  public ApiKeys(Path file, InstantSource clock, LongSupplier nanoTime) throws IOException {
    this.file = file;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.stamp = Stamp.of(file);
    this.looked = nanoTime.getAsLong();
    this.keys = byId(ApiKeyFile.read(file));
  }

  @Override
  public Identity find(Secret bearer) {
    if (!ApiKeyToken.isMeant(bearer)) {
      return Identity.Unknown.OF_ANOTHER_KIND;
    }
    look();
    Optional<ApiKeyToken> token = ApiKeyToken.parse(bearer);
    return token.isPresent()
        ? find(token.get())
        : new Identity.Unknown(
            "This is not a whole API key: its checksum is wrong. Is a part of it missing?");
  }

  private Identity find(ApiKeyToken token) {
    ApiKey key = keys.get(token.id());
    boolean same =
        MessageDigest.isEqual(ascii(key == null ? NONE : key.sha256()), ascii(token.sha256()));
    if (key == null || !same) {
      return new Identity.Unknown("This API key is not known. Was it revoked?");
    }
    return key.expires().filter(end -> !clock.instant().isBefore(end)).isPresent()
        ? new Identity.Unknown("This API key expired at " + key.expires().orElseThrow() + ".")
        : key.caller();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** One thread looks; the others go on with what is known. */
  private void look() {
    if (!looking.tryLock()) {
      return;
    }
    try {
      if (nanoTime.getAsLong() - looked >= LOOK.toNanos()) {
        looked = nanoTime.getAsLong();
        reread();
      }
    } finally {
      looking.unlock();
    }
  }

  private void reread() {
    Stamp now = Stamp.of(file);
    if (now.equals(stamp)) {
      return;
    }
    stamp = now;
    try {
      keys = byId(ApiKeyFile.read(file));
      LOG.info("{} has changed; it holds {} API keys now", file, keys.size());
    } catch (IOException e) {
      LOG.error("{} The API keys read before stay good.", e.getMessage());
    }
  }

  private static Map<String, ApiKey> byId(List<ApiKey> keys) {
    return keys.stream().collect(Collectors.toUnmodifiableMap(ApiKey::id, Function.identity()));
  }

  /**
   * What changes when a file does. Nothing is known where it is not there.
   *
   * @param file tells one that was put in its place from it, where the file system can
   */
  private record Stamp(@Nullable Object modified, long size, @Nullable Object file) {
    static Stamp of(Path path) {
      try {
        BasicFileAttributes it = Files.readAttributes(path, BasicFileAttributes.class);
        return new Stamp(it.lastModifiedTime(), it.size(), it.fileKey());
      } catch (IOException _) {
        return new Stamp(null, 0, null);
      }
    }
  }
}
