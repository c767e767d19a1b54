package dev.perennial.exchanger;

import dev.perennial.domain.definition.ProviderCalls.CallFailedException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Authorization server metadata that was read before, by its URL. Read anew after an hour; where
 * that fails what is known still serves for a day from when it was read, and the server is left
 * alone for a minute. Those who ask for one URL at once share one call and its end. Thread-safe.
 */
final class Discovery {
  static final Duration FRESH = Duration.ofHours(1);
  static final Duration USABLE = Duration.ofHours(24);
  static final Duration PAUSE = Duration.ofMinutes(1);

  /** URLs that are kept, those asked for last. */
  static final int MOST = 1000;

  private final Function<URI, Map<String, @Nullable Object>> read;
  private final Duration patience;
  private final LongSupplier nanoTime;

  /** Guarded by this. */
  private final SequencedMap<URI, Known> known = new LinkedHashMap<>(16, 0.75f, true);

  /** Guarded by this. */
  private final Map<URI, CompletableFuture<Map<String, @Nullable Object>>> underway =
      new LinkedHashMap<>();

  /**
   * @param read throws {@link CallFailedException} where it brings nothing
   * @param patience with a call of somebody else
   */
  Discovery(
      Function<URI, Map<String, @Nullable Object>> read, Duration patience, LongSupplier nanoTime) {
    this.read = read;
    this.patience = patience;
    this.nanoTime = nanoTime;
  }

  /**
   * @param readAt on the monotonic clock
   * @param askAgain not before this, on the same clock
   */
  private record Known(Map<String, @Nullable Object> metadata, long readAt, long askAgain) {}

  /**
   * @throws CallFailedException where it cannot be had
   */
  Map<String, @Nullable Object> get(URI url) {
    CompletableFuture<Map<String, @Nullable Object>> mine = new CompletableFuture<>();
    CompletableFuture<Map<String, @Nullable Object>> theirs;
    synchronized (this) {
      Known before = known.get(url);
      if (before != null && nanoTime.getAsLong() - before.askAgain < 0) {
        return before.metadata;
      }
      theirs = underway.putIfAbsent(url, mine);
    }
    if (theirs != null) {
      return await(theirs);
    }
    try {
      Map<String, @Nullable Object> metadata = readOrKnown(url);
      mine.complete(metadata);
      return metadata;
    } catch (RuntimeException | Error e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      synchronized (this) {
        underway.remove(url);
      }
    }
  }

  private Map<String, @Nullable Object> readOrKnown(URI url) {
    try {
      Map<String, @Nullable Object> metadata = read.apply(url);
      long now = nanoTime.getAsLong();
      keep(url, new Known(metadata, now, now + FRESH.toNanos()));
      return metadata;
    } catch (CallFailedException e) {
      Known before = usable(url);
      if (before == null) {
        throw e;
      }
      return before.metadata;
    }
  }

  private synchronized void keep(URI url, Known metadata) {
    known.put(url, metadata);
    if (known.size() > MOST) {
      known.pollFirstEntry();
    }
  }

  /** Null where nothing is known, or it is too old. */
  private synchronized @Nullable Known usable(URI url) {
    Known before = known.get(url);
    long now = nanoTime.getAsLong();
    if (before == null || now - before.readAt >= USABLE.toNanos()) {
      known.remove(url);
      return null;
    }
    Known postponed = new Known(before.metadata, before.readAt, now + PAUSE.toNanos());
    known.put(url, postponed);
    return postponed;
  }

  private Map<String, @Nullable Object> await(
      CompletableFuture<Map<String, @Nullable Object>> theirs) {
    try {
      return theirs.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      // One of one's own: an exception shared by two threads has the stack of one.
      throw new CallFailedException(
          e.getCause() instanceof CallFailedException failed
              ? String.valueOf(failed.getMessage())
              : "failed in another thread");
    } catch (TimeoutException e) {
      throw new CallFailedException("another call for it takes too long");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CallFailedException("interrupted");
    }
  }
}
