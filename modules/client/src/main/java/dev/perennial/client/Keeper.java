package dev.perennial.client;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@link ApiTokens} fresh by rounds of conditional requests on a daemon thread of its own,
 * and has a token renewed that nears its end. While the API is away it keeps trying, and says so
 * once. Thread-safe.
 */
final class Keeper implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Keeper.class);

  /** Small enough for an answer of {@link AdminApi#MAX_ANSWER_BYTES} with tokens of 20 KB. */
  private static final int BATCH = 200;

  private static final int RENEWALS = 32;

  /** How far the API's clock may be behind ours, when it judges what is left of a token. */
  private static final Duration CLOCKS = Duration.ofSeconds(1);

  private static final Duration GATHERING = Duration.ofMillis(100);

  private final ApiTokens tokens;
  private final AdminApi admin;
  private final Duration deadline;
  private final Time time;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(Daemons.named("perennial-keeper"));
  private final Set<ConnectionKey> changed = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean gathering = new AtomicBoolean();
  private final Semaphore renewals = new Semaphore(RENEWALS);
  private volatile long confirmedAt;
  private volatile long unconfirmed;

  /** The thread's: whether the last contact failed. */
  private boolean troubled;

  Keeper(ApiTokens tokens, AdminApi admin, Duration interval, Duration deadline, Time time) {
    this.tokens = tokens;
    this.admin = admin;
    this.deadline = deadline;
    this.time = time;
    this.confirmedAt = time.nanos();
    Future<?> unused =
        thread.scheduleWithFixedDelay(
            this::round, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  Duration staleness() {
    return time.since(confirmedAt);
  }

  long unconfirmed() {
    return unconfirmed;
  }

  private void round() {
    try {
      long start = time.nanos();
      long missed = ask(List.copyOf(tokens.kept().values()));
      unconfirmed = missed;
      if (missed == 0) {
        confirmedAt = start;
      }
      renew();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    } catch (RuntimeException e) {
      log.error("a round of requests failed; the next one follows", e);
    }
  }

  /** Asks for a connection before long that is said to have changed. */
  void again(ConnectionKey key) {
    changed.add(key);
    if (gathering.compareAndSet(false, true)) {
      try {
        Future<?> unused =
            thread.schedule(this::askChanged, GATHERING.toMillis(), TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        log.debug("closed before {} was asked for again", key);
      }
    }
  }

  private void askChanged() {
    gathering.set(false);
    List<ConnectionKey> keys = List.copyOf(changed);
    keys.forEach(changed::remove);
    List<Kept> again = new ArrayList<>();
    for (ConnectionKey key : keys) {
      Kept known = tokens.kept().get(key.toString());
      if (known != null) {
        again.add(known);
      }
    }
    try {
      ask(again);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    } catch (RuntimeException e) {
      log.error("asking for changed connections failed; the next round asks again", e);
    }
  }

  /** How many of them brought no answer. */
  private long ask(List<Kept> all) throws InterruptedException {
    long missed = 0;
    for (int from = 0; from < all.size(); from += BATCH) {
      missed += askBatch(all.subList(from, Math.min(all.size(), from + BATCH)));
    }
    return missed;
  }

  private long askBatch(List<Kept> batch) throws InterruptedException {
    try {
      take(admin.batch(batch.stream().map(Keeper::entry).toList()).get());
      recovered();
      return 0;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof LimitedBody.TooLongException && batch.size() > 1) {
        int half = batch.size() / 2;
        return askBatch(batch.subList(0, half)) + askBatch(batch.subList(half, batch.size()));
      }
      failed(e.getCause());
      return batch.size();
    }
  }

  private static Map<String, String> entry(Kept known) {
    Map<String, String> entry = new LinkedHashMap<>();
    entry.put("connection", known.key().toString());
    String etag = known.etag();
    if (etag != null) {
      entry.put("etag", etag);
    }
    return entry;
  }

  private void take(Map<String, @Nullable Object> answer) {
    for (Object one : list(answer.get("credentials"))) {
      Map<String, @Nullable Object> entry = Fetched.object(one);
      ConnectionKey key = known(entry.get("integration") + "/" + entry.get("connection"));
      if (key != null) {
        take(key, entry);
      }
    }
    for (Object one : list(answer.get("unavailable"))) {
      Map<String, @Nullable Object> entry = Fetched.object(one);
      ConnectionKey key = known(entry.get("integration") + "/" + entry.get("connection"));
      if (key != null) {
        takeState(key, entry);
      }
    }
    for (Object one : list(answer.get("unknown"))) {
      ConnectionKey key = known(String.valueOf(one));
      if (key != null) {
        tokens.forget(key);
      }
    }
  }

  private void take(ConnectionKey key, Map<String, @Nullable Object> entry) {
    try {
      tokens.keep(Fetched.read(key, entry.get("etag") instanceof String tag ? tag : null, entry));
    } catch (CredentialException e) {
      log.warn("passed over in a batch: {}", e.getMessage());
    }
  }

  private void takeState(ConnectionKey key, Map<String, @Nullable Object> entry) {
    String text = String.valueOf(entry.get("status"));
    for (Status status : Status.values()) {
      if (status.text().equals(text)) {
        Reason reason = entry.get("reason") instanceof String code ? Reason.of(code) : null;
        tokens.keep(new ConnectionState(key, 0, 0, status, reason, null, null, null));
      }
    }
  }

  /** The connection of that name, where it was asked for. */
  private @Nullable ConnectionKey known(String name) {
    Kept known = tokens.kept().get(name);
    return known == null ? null : known.key();
  }

  private static Collection<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  private void renew() {
    long now = time.millis();
    for (Kept known : tokens.kept().values()) {
      Token token = known.token();
      if (token != null && token.isAliveAt(now) && now >= known.renewAtMillis()) {
        renew(known, token.expiresAt().map(end -> end.toEpochMilli() - now).orElse(0L));
      }
    }
  }

  private void renew(Kept known, long leftMillis) {
    if (!renewals.tryAcquire()) {
      return; // the next round asks for it
    }
    Futures.settle(
        tokens.ask(known.key(), Duration.ofMillis(leftMillis).plus(CLOCKS), deadline),
        token -> renewals.release(),
        failure -> {
          renewals.release();
          log.debug("{} could not be renewed yet: {}", known.key(), failure.toString());
        });
  }

  private void failed(@Nullable Throwable failure) {
    if (!troubled) {
      log.warn(
          "tokens cannot be confirmed, are served from memory, and keep being asked for: {}",
          String.valueOf(failure));
    }
    troubled = true;
  }

  private void recovered() {
    if (troubled) {
      log.info("tokens are confirmed again");
    }
    troubled = false;
  }

  /** What runs is interrupted. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
