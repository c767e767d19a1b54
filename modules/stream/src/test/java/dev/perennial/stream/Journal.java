package dev.perennial.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.event.EventMessage;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What handlers did, and the judge of it. Thread-safe; shared by several workers. */
final class Journal {
  private record Start(String key, int number) {}

  private final Queue<Start> starts = new ConcurrentLinkedQueue<>();
  private final Set<String> running = ConcurrentHashMap.newKeySet();
  private final Queue<String> overlaps = new ConcurrentLinkedQueue<>();
  private final AtomicInteger together = new AtomicInteger();
  private final AtomicInteger mostTogether = new AtomicInteger();

  void handle(EventMessage message, Runnable work) {
    int number = number(message);
    starts.add(new Start(message.key(), number));
    if (!running.add(message.key())) {
      overlaps.add(message.key());
    }
    mostTogether.accumulateAndGet(together.incrementAndGet(), Math::max);
    try {
      work.run();
    } finally {
      together.decrementAndGet();
      running.remove(message.key());
    }
  }

  static int number(EventMessage message) {
    byte[] value = message.value();
    return value == null ? -1 : Integer.parseInt(new String(value, StandardCharsets.UTF_8));
  }

  int starts() {
    return starts.size();
  }

  int mostTogether() {
    return mostTogether.get();
  }

  void assertNoKeyOverlapped() {
    assertThat(overlaps).isEmpty();
  }

  void assertEachStartedOnce(int count) {
    assertThat(starts.stream().map(Start::number).collect(Collectors.toList()))
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, count).boxed().toList());
  }

  void assertKeysInOrder() {
    Map<String, Integer> last = new HashMap<>();
    for (Start start : starts) {
      Integer before = last.put(start.key, start.number);
      assertThat(before == null || before < start.number).as("order of %s", start.key).isTrue();
    }
  }
}
