package dev.perennial.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyLanesTest {
  private record Item(String key, int number) {}

  private final KeyLanes<String> lanes = new KeyLanes<>(2);

  @Test
  void aKeyWaitsForItsFormerRecordAndOthersDoNot() {
    lanes.add("a", "a1");
    lanes.add("a", "a2");
    lanes.add("b", "b1");
    assertThat(lanes.next()).isEqualTo("a1");
    assertThat(lanes.next()).isEqualTo("b1");
    assertThat(lanes.next()).isNull();
    lanes.done("a");
    assertThat(lanes.next()).isEqualTo("a2");
  }

  @Test
  void noMoreThanThePermitsAreOut() {
    List.of("a", "b", "c").forEach(key -> lanes.add(key, key));
    assertThat(lanes.next()).isEqualTo("a");
    assertThat(lanes.next()).isEqualTo("b");
    assertThat(lanes.next()).isNull();
    lanes.done("b");
    assertThat(lanes.next()).isEqualTo("c");
    assertThat(lanes.out()).isEqualTo(2);
  }

  @Test
  void aBusyKeyTakesTurnsWithTheOthers() {
    KeyLanes<String> one = new KeyLanes<>(1);
    one.add("busy", "busy1");
    one.add("busy", "busy2");
    one.add("other", "other1");
    assertThat(one.next()).isEqualTo("busy1");
    one.done("busy");
    assertThat(one.next()).isEqualTo("other1");
  }

  @Test
  void aLaneGoesWhenItsKeyIsIdle() {
    lanes.add("a", "a1");
    lanes.add("b", "b1");
    lanes.next();
    lanes.drop(record -> record.equals("b1"));
    assertThat(lanes.lanes()).isEqualTo(1);
    lanes.done("a");
    assertThat(lanes.lanes()).isZero();
    assertThatThrownBy(() -> lanes.done("a")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void inAnyHistoryKeysExcludeThemselvesAndKeepTheirOrder() {
    for (int seed = 0; seed < 200; seed++) {
      history(new Random(seed));
    }
  }

  private static void history(Random random) {
    int permits = 1 + random.nextInt(5);
    KeyLanes<Item> lanes = new KeyLanes<>(permits);
    Map<String, Integer> last = new HashMap<>();
    Map<String, List<Integer>> waiting = new HashMap<>();
    List<Item> out = new ArrayList<>();
    for (int number = 0; number < 300; number++) {
      int what = random.nextInt(10);
      if (what < 5) {
        Item item = new Item("k" + random.nextInt(8), number);
        lanes.add(item.key, item);
        waiting.computeIfAbsent(item.key, _ -> new ArrayList<>()).add(number);
      } else if (what < 9 && !out.isEmpty()) {
        lanes.done(out.remove(random.nextInt(out.size())).key);
      } else {
        int remainder = random.nextInt(3);
        lanes.drop(item -> item.number % 3 == remainder);
        waiting.values().forEach(items -> items.removeIf(n -> n % 3 == remainder));
      }
      for (Item next = lanes.next(); next != null; next = lanes.next()) {
        Item started = next;
        assertThat(out).noneMatch(other -> other.key.equals(started.key));
        assertThat(waiting.getOrDefault(started.key, List.of()).removeFirst())
            .isEqualTo(started.number);
        assertThat(last.merge(started.key, started.number, Math::max)).isEqualTo(started.number);
        out.add(started);
      }
      assertNothingWaitsWithoutReason(waiting, out, permits);
      assertThat(lanes.out()).isEqualTo(out.size()).isLessThanOrEqualTo(permits);
    }
  }

  private static void assertNothingWaitsWithoutReason(
      Map<String, List<Integer>> waiting, List<Item> out, int permits) {
    if (out.size() < permits) {
      waiting.forEach((key, items) ->
          assertThat(items.isEmpty() || out.stream().anyMatch(item -> item.key.equals(key)))
              .isTrue());
    }
  }
}
