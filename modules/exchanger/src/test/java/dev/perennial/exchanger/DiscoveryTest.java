package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.definition.ProviderCalls.CallFailedException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class DiscoveryTest {
  private static final URI URL = URI.create("https://provider.test/metadata");

  private final AtomicInteger calls = new AtomicInteger();
  private long nanos = Long.MAX_VALUE - 5; // the monotonic clock may be anywhere
  private boolean away;

  private final Discovery discovery =
      new Discovery(this::read, Duration.ofSeconds(10), () -> nanos);

  private Map<String, @Nullable Object> read(URI url) {
    int call = calls.incrementAndGet();
    if (away) {
      throw new CallFailedException("HTTP 503");
    }
    return metadata("call", call);
  }

  private static Map<String, @Nullable Object> metadata(String name, Object value) {
    Map<String, @Nullable Object> metadata = new HashMap<>();
    metadata.put(name, value);
    return metadata;
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  @Test
  void whatIsKnownServesForAnHour() {
    assertThat(discovery.get(URL)).containsEntry("call", 1);
    pass(Discovery.FRESH.minusNanos(1));
    assertThat(discovery.get(URL)).containsEntry("call", 1);
    pass(Duration.ofNanos(1));
    assertThat(discovery.get(URL)).containsEntry("call", 2);
    assertThat(discovery.get(URI.create("https://other.test/"))).containsEntry("call", 3);
  }

  @Test
  void whatIsKnownServesForADayWhileTheProviderIsAway() {
    discovery.get(URL);
    away = true;
    pass(Discovery.USABLE.minusNanos(1));
    assertThat(discovery.get(URL)).containsEntry("call", 1);
    pass(Discovery.PAUSE);

    assertThatThrownBy(() -> discovery.get(URL)).isInstanceOf(CallFailedException.class);
    away = false;
    assertThat(discovery.get(URL)).containsEntry("call", 4);
  }

  @Test
  void aProviderThatIsAwayIsAskedOnceAMinute() {
    discovery.get(URL);
    away = true;
    pass(Discovery.FRESH);
    for (int i = 0; i < 10; i++) {
      assertThat(discovery.get(URL)).containsEntry("call", 1);
    }
    assertThat(calls).hasValue(2);
    pass(Discovery.PAUSE);
    away = false;
    assertThat(discovery.get(URL)).containsEntry("call", 3);
  }

  @Test
  void withoutAnythingKnownTheFailureIsSaid() {
    away = true;
    assertThatThrownBy(() -> discovery.get(URL))
        .isInstanceOf(CallFailedException.class)
        .hasMessage("HTTP 503");
    away = false;
    assertThat(discovery.get(URL)).containsEntry("call", 2);
  }

  @Test
  void onlyTheUrlsAskedForLastAreKept() {
    for (int i = 0; i < Discovery.MOST; i++) {
      discovery.get(URI.create("https://provider.test/" + i));
    }
    discovery.get(URI.create("https://provider.test/0"));
    discovery.get(URL);
    assertThat(calls).hasValue(Discovery.MOST + 1);

    discovery.get(URI.create("https://provider.test/0"));
    assertThat(calls).hasValue(Discovery.MOST + 1);
    discovery.get(URI.create("https://provider.test/1"));
    assertThat(calls).hasValue(Discovery.MOST + 2);
  }

  @Test
  void thoseWhoAskAtOnceShareOneCallAndItsEnd() throws Exception {
    for (boolean fails : List.of(false, true)) {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      AtomicInteger reads = new AtomicInteger();
      Discovery shared =
          new Discovery(
              _ -> {
                reads.incrementAndGet();
                begun.countDown();
                await(go);
                if (fails) {
                  throw new CallFailedException("HTTP 503");
                }
                return metadata("issuer", "i");
              },
              Duration.ofSeconds(10),
              () -> 0);
      List<Thread> threads = new ArrayList<>();
      List<CompletableFuture<Map<String, @Nullable Object>>> ends = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        CompletableFuture<Map<String, @Nullable Object>> end = new CompletableFuture<>();
        ends.add(end);
        threads.add(
            Thread.startVirtualThread(() -> {
              try {
                end.complete(shared.get(URL));
              } catch (CallFailedException e) {
                end.completeExceptionally(e);
              }
            }));
        await(begun);
      }
      for (Thread waiting : threads) {
        while (waiting.getState() != Thread.State.WAITING
            && waiting.getState() != Thread.State.TIMED_WAITING) {
          Thread.onSpinWait();
        }
      }
      go.countDown();

      for (CompletableFuture<Map<String, @Nullable Object>> end : ends) {
        if (fails) {
          assertThatThrownBy(() -> end.get(5, TimeUnit.SECONDS))
              .hasCauseInstanceOf(CallFailedException.class)
              .hasMessageEndingWith("HTTP 503");
        } else {
          assertThat(end.get(5, TimeUnit.SECONDS)).containsEntry("issuer", "i");
        }
      }
      assertThat(reads).hasValue(1);
    }
  }

  @Test
  void nobodyWaitsForAnothersCallForever() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Discovery impatient =
        new Discovery(
            _ -> {
              begun.countDown();
              await(go);
              return metadata("issuer", "late");
            },
            Duration.ofMillis(50),
            () -> 0);
    Thread first = Thread.startVirtualThread(() -> impatient.get(URL));
    await(begun);

    assertThatThrownBy(() -> impatient.get(URL)).isInstanceOf(CallFailedException.class);
    go.countDown();
    first.join();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
