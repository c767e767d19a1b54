package dev.perennial.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.stream.KeyLanes.Permits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class KeyLanesTest {
  private record Item(String key, int number) {}

  private final KeyLanes<String> lanes = new KeyLanes<>(Permits.of(2));

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
    KeyLanes<String> one = new KeyLanes<>(Permits.of(1));
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
    assertThat(lanes.groups()).isZero();
    assertThatThrownBy(() -> lanes.done("a")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aCrowdTakesThePlacesOfItsGroupAndNobodyElses() {
    KeyLanes<String> some = new KeyLanes<>(new Permits(4, 2, Records::integrationOf));
    List.of("crowd/1", "crowd/2", "crowd/3", "crowd/4", "other/1")
        .forEach(key -> some.add(key, key));
    assertThat(some.next()).isEqualTo("crowd/1");
    assertThat(some.next()).isEqualTo("other/1");
    assertThat(some.next()).isEqualTo("crowd/2");
    assertThat(some.next()).isNull();
    some.done("crowd/2");
    assertThat(some.next()).isEqualTo("crowd/3");
    some.done("other/1");
    assertThat(some.next()).isNull();
    assertThat(some.groups()).isEqualTo(1);
  }

  @Test
  void whatIsLetThroughNeedsNoPlaceAndGivesNoneBack() {
    KeyLanes<String> some = new KeyLanes<>(new Permits(3, 1, Records::integrationOf));
    List.of("g/1", "g/2", "g/3", "g/4", "g/5").forEach(key -> some.add(key, key));
    assertThat(some.next()).isEqualTo("g/1");
    assertThat(some.next()).isNull();
    some.letThrough(record -> !record.equals("g/4"));
    assertThat(some.next()).isEqualTo("g/2");
    assertThat(some.next()).isEqualTo("g/3");
    assertThat(some.next()).as("permits are permits").isNull();
    some.done("g/2");
    assertThat(some.next()).as("the place is not free").isNull();
    some.done("g/1");
    assertThat(some.next()).isEqualTo("g/4");
    assertThat(some.next()).isNull();
  }

  @Test
  void fewerStartWhereFewerAreAllowedAndWhatIsOutStaysOut() {
    List.of("a", "b", "c", "d").forEach(key -> lanes.add(key, key));
    assertThat(lanes.next()).isEqualTo("a");
    assertThat(lanes.next()).isEqualTo("b");
    lanes.allow(1);
    lanes.done("a");
    assertThat(lanes.next()).isNull();
    lanes.done("b");
    assertThat(lanes.next()).isEqualTo("c");
    assertThat(lanes.next()).isNull();
    lanes.allow(100);
    assertThat(lanes.allowed()).isEqualTo(2);
    assertThat(lanes.next()).isEqualTo("d");
  }

  @Test
  void whileThereIsAPlaceNothingIsLetThrough() {
    KeyLanes<String> some = new KeyLanes<>(new Permits(1, 1, Records::integrationOf));
    some.add("g/1", "g/1");
    some.letThrough(_ -> true);
    assertThat(some.next()).isEqualTo("g/1");
    some.add("g/2", "g/2");
    some.done("g/1");
    assertThat(some.next()).isEqualTo("g/2");
    some.add("g/3", "g/3");
    assertThat(some.next()).as("one was out with a place").isNull();
  }

  @Test
  void inAnyHistoryKeysExcludeThemselvesAndKeepTheirOrder() {
    for (int seed = 0; seed < 200; seed++) {
      history(new Random(seed));
    }
  }

  private static void history(Random random) {
    Permits permits = permits(random);
    KeyLanes<Item> lanes = new KeyLanes<>(permits);
    Map<String, Integer> last = new HashMap<>();
    Map<String, List<Integer>> waiting = new HashMap<>();
    List<Item> out = new ArrayList<>();
    boolean capped = true;
    for (int number = 0; number < 300; number++) {
      int what = random.nextInt(11);
      if (what < 5) {
        Item item = new Item("k" + random.nextInt(8), number);
        lanes.add(item.key, item);
        waiting.computeIfAbsent(item.key, _ -> new ArrayList<>()).add(number);
      } else if (what < 9 && !out.isEmpty()) {
        lanes.done(out.remove(random.nextInt(out.size())).key);
      } else if (what < 10) {
        int remainder = random.nextInt(3);
        lanes.drop(item -> item.number % 3 == remainder);
        waiting.values().forEach(items -> items.removeIf(n -> n % 3 == remainder));
      } else if (random.nextInt(10) == 0) {
        lanes.letThrough(item -> item.number % 2 == 0);
        capped = false; // of groups, from here on
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
      assertThat(lanes.out()).isEqualTo(out.size()).isLessThanOrEqualTo(permits.all());
      if (capped) {
        assertThat(byGroup(out, permits).values()).allMatch(count -> count <= permits.ofGroup());
      }
    }
    out.forEach(item -> lanes.done(item.key));
    lanes.drop(_ -> true);
    assertThat(lanes.lanes() + lanes.groups() + lanes.out()).isZero();
  }

  private static Permits permits(Random random) {
    int all = 1 + random.nextInt(5);
    return new Permits(
        all, 1 + random.nextInt(all), key -> key.charAt(1) < '3' ? "many" : key.substring(1));
  }

  private static Map<String, Long> byGroup(List<Item> out, Permits permits) {
    return out.stream()
        .collect(
            Collectors.groupingBy(item -> permits.group().apply(item.key), Collectors.counting()));
  }

  private static void assertNothingWaitsWithoutReason(
      Map<String, List<Integer>> waiting, List<Item> out, Permits permits) {
    if (out.size() < permits.all()) {
      Map<String, Long> taken = byGroup(out, permits);
      waiting.forEach((key, items) ->
          assertThat(
                  items.isEmpty()
                      || out.stream().anyMatch(item -> item.key.equals(key))
                      || taken.getOrDefault(permits.group().apply(key), 0L) >= permits.ofGroup())
              .isTrue());
    }
  }
}
