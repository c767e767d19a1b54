package dev.perennial.app.access;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import dev.perennial.domain.UnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of an issuer as they were fetched last. They are fetched when the first token comes,
 * each hour, and when a token names a key that is not among them: then at most each 30 s, whoever
 * asks. Where they cannot be fetched the last ones stay. Thread-safe.
 */
final class CachedKeys {
  private static final Logger LOG = LoggerFactory.getLogger(CachedKeys.class);
  private static final Duration AGE = Duration.ofHours(1);
  private static final Duration PAUSE = Duration.ofSeconds(30);

  /** While there are none at all. */
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);

  private final IssuerKeys issuer;
  private final LongSupplier nanoTime;
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile @Nullable Fetched last;
  private @Nullable Long tried; // under the lock

  private record Fetched(JWKSet keys, long at) {}

  CachedKeys(IssuerKeys issuer, LongSupplier nanoTime) {
    this.issuer = issuer;
    this.nanoTime = nanoTime;
  }

  /**
   * Those that may have signed: of the right type, and of the header's id where it has one.
   *
   * @throws UnavailableException where no key was ever fetched and none can be
   */
  List<JWK> matching(JWSHeader header) {
    JWKSelector selector = new JWKSelector(JWKMatcher.forJWSHeader(header));
    Fetched seen = last;
    Fetched now = seen == null ? newer(null) : young(seen);
    List<JWK> found = selector.select(now.keys());
    return found.isEmpty() ? selector.select(newer(now).keys()) : found;
  }

  /** Only one thread waits for the hourly fetch. */
  private Fetched young(Fetched seen) {
    if (nanoTime.getAsLong() - seen.at() < AGE.toNanos() || !fetching.tryLock()) {
      return seen;
    }
    try {
      return newer(seen);
    } finally {
      fetching.unlock();
    }
  }

  /** Fetches, unless somebody has meanwhile or could not a moment ago. */
  private Fetched newer(@Nullable Fetched seen) {
    fetching.lock();
    try {
      Fetched now = last;
      boolean mayTry =
          tried == null
              || nanoTime.getAsLong() - tried >= (now == null ? FIRST_PAUSE : PAUSE).toNanos();
      if (Objects.equals(now, seen) && mayTry) {
        tried = nanoTime.getAsLong();
        fetch();
      }
      return known();
    } finally {
      fetching.unlock();
    }
  }

  private void fetch() {
    try {
      last = new Fetched(issuer.fetch(), nanoTime.getAsLong());
    } catch (IOException e) {
      LOG.warn("the keys of {} (admin.jwt.issuer): {}", issuer.issuer(), e.getMessage());
    }
  }

  private Fetched known() {
    Fetched now = last;
    if (now == null) {
      throw new UnavailableException(
          "The keys of " + issuer.issuer() + " (admin.jwt.issuer) cannot be fetched.");
    }
    return now;
  }
}
