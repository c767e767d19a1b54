package dev.perennial.prove;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.prove.arena.Arena;
import dev.perennial.prove.browser.Browser;
import dev.perennial.prove.browser.Page;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** People who give their consent, through the real ingress. Thread-safe. */
final class Consents implements AutoCloseable {
  private static final Duration BETWEEN = Duration.ofMillis(1_500);
  private static final double OVER_AN_OLD_ONE = 0.4;

  private final Arena arena;
  private final Browser browser;
  private final List<String> integrations;
  private final Random random;
  private final List<ConnectionKey> known = new ArrayList<>();
  private final Map<ConnectionKey, Integer> accepted = new HashMap<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private int refused;

  Consents(Arena arena, Browser browser, long seed) {
    this.arena = arena;
    this.browser = browser;
    this.integrations = List.copyOf(arena.providers().definitions().keySet());
    this.random = new Random(seed);
  }

  /** So many new connections, a few at a time. */
  void first(int count) {
    Semaphore places = new Semaphore(arena.providers().atOnce());
    try (ExecutorService visits = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count && over.getCount() > 0; i++) {
        ConnectionKey key = fresh();
        places.acquireUninterruptibly();
        visits.execute(() -> {
          try {
            give(key);
          } finally {
            places.release();
          }
        });
      }
    }
  }

  /** One after the other until {@link #close}, some of them over connections that exist. */
  void goOn() {
    try (ExecutorService visits = Executors.newVirtualThreadPerTaskExecutor()) {
      while (!pause()) {
        ConnectionKey key = next();
        visits.execute(() -> give(key));
      }
    }
  }

  private boolean pause() {
    try {
      return over.await(BETWEEN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private synchronized ConnectionKey next() {
    return random.nextDouble() < OVER_AN_OLD_ONE
        ? known.get(random.nextInt(known.size()))
        : fresh();
  }

  synchronized ConnectionKey fresh() {
    String integration = integrations.get(known.size() % integrations.size());
    ConnectionKey key = new ConnectionKey(integration, "c" + (known.size() + 1));
    known.add(key);
    return key;
  }

  private void give(ConnectionKey key) {
    URI link =
        arena
            .publicUrl()
            .resolve("/connect/" + key.integration() + "?connection=" + key.connection());
    try {
      Page page = browser.visit(link, arena.publicUrl().toString());
      came(
          key,
          page.status() / 100 == 2
              && String.valueOf(page.uri().getPath()).startsWith("/callback/"));
    } catch (IOException | RuntimeException e) {
      came(key, false);
    }
  }

  private synchronized void came(ConnectionKey key, boolean well) {
    if (well) {
      accepted.merge(key, 1, Integer::sum);
    } else {
      refused++;
    }
  }

  /** How often a browser was told that its consent had come in. */
  synchronized Map<ConnectionKey, Integer> accepted() {
    return Map.copyOf(accepted);
  }

  /** How many visits ended otherwise: ingress, or what it needs, was away. */
  synchronized int refused() {
    return refused;
  }

  /** No more of them. */
  @Override
  public void close() {
    over.countDown();
  }
}
