package dev.perennial.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.stream.KeyLanes.Permits;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WorkloadTest {
  private record Item(int partition, long offset, String key) {}

  private final Queue<Runnable> started = new ArrayDeque<>();
  private final List<String> handled = new ArrayList<>();
  private final AtomicLong now = new AtomicLong();
  private final Workload<String> workload =
      new Workload<>(Permits.of(2), started::add, (record, _) -> handled.add(record), now::get);
  private final OwnedPartition zero = new OwnedPartition(0);

  @Test
  void theWatermarkStaysBelowARecordThatRunsHoweverManyLaterOnesAreDone() {
    workload.add(zero, 10, "slow", "slow");
    workload.add(zero, 11, "fast", "fast1");
    workload.add(zero, 12, "fast", "fast2");
    Runnable slow = started.remove();
    runAll();
    assertThat(handled).containsExactly("fast1", "fast2");
    assertThat(workload.progress(zero).watermark()).isEqualTo(10);
    slow.run();
    assertThat(workload.progress(zero).watermark()).isEqualTo(13);
  }

  @Test
  void afterAPartitionIsLetGoNothingOfItStarts() {
    OwnedPartition one = new OwnedPartition(1);
    workload.add(zero, 1, "a", "a1");
    workload.add(zero, 2, "a", "a2");
    workload.add(one, 7, "b", "b1");
    workload.letGo(List.of(zero));
    runAll();
    assertThat(handled).containsExactly("a1", "b1");
    assertThat(workload.progress(zero).watermark()).isEqualTo(2);
    assertThat(workload.progress(one).watermark()).isEqualTo(8);
  }

  @Test
  void anAbandonedRecordStaysOpen() {
    Workload<String> giving =
        new Workload<>(Permits.of(2), started::add, (_, _) -> false, now::get);
    giving.add(zero, 1, "a", "a1");
    runAll();
    assertThat(giving.progress(zero).watermark()).isEqualTo(1);
    assertThat(giving.out()).isZero();
  }

  @Test
  void aRunnerThatThrowsLeavesTheOffsetOpenAndTheLaneUsable() {
    Workload<String> broken =
        new Workload<>(
            Permits.of(2),
            started::add,
            (record, _) -> {
              if (record.equals("a1")) {
                throw new IllegalStateException("broken");
              }
              return true;
            },
            now::get);
    broken.add(zero, 1, "a", "a1");
    broken.add(zero, 2, "a", "a2");
    Runnable first = started.remove();
    assertThat(catchRuntime(first)).isInstanceOf(IllegalStateException.class);
    runAll();
    assertThat(broken.progress(zero).watermark()).isEqualTo(1);
    assertThat(broken.progress(zero).open()).isEqualTo(1);
  }

  @Test
  void theEndOfRunningRecordsIsAwaitedAndBounded() {
    workload.add(zero, 1, "a", "a1");
    workload.letGo(List.of(zero));
    assertThat(workload.awaitEnd(List.of(zero), Duration.ofMillis(20))).isEqualTo(1);
    Thread handler = Thread.ofVirtual().start(started.remove());
    assertThat(workload.awaitEnd(List.of(zero), Duration.ofSeconds(10))).isZero();
    assertThat(handled).containsExactly("a1");
    assertThat(joined(handler)).isTrue();
  }

  @Test
  void whatOutlivesItsOwnershipDoesNotTouchTheNextOne() {
    workload.add(zero, 1, "a", "old");
    Runnable old = started.remove();
    workload.letGo(List.of(zero));
    OwnedPartition again = new OwnedPartition(0);
    workload.add(again, 1, "a", "new");
    assertThat(started).as("the key is still busy").isEmpty();
    old.run();
    assertThat(workload.progress(again).watermark()).isEqualTo(1);
    runAll();
    assertThat(handled).containsExactly("old", "new");
    assertThat(workload.progress(again).watermark()).isEqualTo(2);
  }

  @Test
  void whatHasWaitedLongForAPlaceOfItsGroupStartsAllTheSame() {
    Workload<String> crowded =
        new Workload<>(
            new Permits(3, 1, Records::integrationOf),
            started::add,
            (record, _) -> handled.add(record),
            now::get);
    crowded.add(zero, 1, "slow/a", "a");
    crowded.add(zero, 2, "slow/b", "b");
    now.addAndGet(Duration.ofSeconds(10).toNanos());
    crowded.add(zero, 3, "slow/c", "c");
    now.addAndGet(Duration.ofSeconds(49).toNanos());
    crowded.letThrough(Duration.ofMinutes(1));
    assertThat(crowded.out()).as("a second too soon").isEqualTo(1);
    now.addAndGet(Duration.ofSeconds(1).toNanos());
    crowded.letThrough(Duration.ofMinutes(1));
    assertThat(crowded.out()).as("b, and not c").isEqualTo(2);
    runAll();
    assertThat(handled).containsExactly("a", "b", "c");
  }

  @Test
  void whatIsAllowedAgainStartsAtOnce() {
    workload.allow(1);
    workload.add(zero, 1, "a", "a1");
    workload.add(zero, 2, "b", "b1");
    assertThat(started).hasSize(1);
    workload.allow(2);
    assertThat(started).hasSize(2);
    assertThat(workload.allowed()).isEqualTo(2);
  }

  @Test
  void inAnyHistoryCommitsNeverPassWhatIsNotDoneAndAllIsHandledInOrder() {
    for (int seed = 0; seed < 200; seed++) {
      new History(new Random(seed), true).run();
    }
  }

  @Test
  void withoutFaultsEverythingIsHandledExactlyOnce() {
    for (int seed = 0; seed < 100; seed++) {
      History history = new History(new Random(seed), false);
      history.run();
      assertThat(history.runs).isEqualTo(history.done.size());
    }
  }

  /**
   * A log of records per partition, of which the owner reads on; partitions are let go with what
   * runs in them or without, and come back where the last commit was.
   */
  private static final class History {
    private static final int PARTITIONS = 3;
    private static final int RECORDS = 60;

    private final Random random;
    private final boolean faults;
    private final int permits;
    private final List<Runnable> out = new ArrayList<>();
    private final Set<Item> done = new HashSet<>();
    private final Map<OwnedPartition, Map<String, Long>> last = new HashMap<>();
    private final long[] committed = new long[PARTITIONS];
    private final long[] read = new long[PARTITIONS];
    private final long[] allDoneBelow = new long[PARTITIONS];
    private final OwnedPartition[] owned = new OwnedPartition[PARTITIONS];
    private final Workload<Item> workload;
    private int runs;

    History(Random random, boolean faults) {
      this.random = random;
      this.faults = faults;
      this.permits = 1 + random.nextInt(6);
      this.workload =
          new Workload<>(
              new Permits(permits, 1 + random.nextInt(permits), key -> key.substring(0, 1)),
              out::add,
              this::handle,
              () -> 0);
    }

    private boolean handle(Item item, OwnedPartition owner) {
      if (owner.isLetGo() && random.nextBoolean()) {
        return false;
      }
      Long before = last.computeIfAbsent(owner, _ -> new HashMap<>()).put(item.key, item.offset);
      assertThat(before == null || before < item.offset).as("order of the key").isTrue();
      done.add(item);
      runs++;
      return true;
    }

    void run() {
      for (int p = 0; p < PARTITIONS; p++) {
        own(p);
      }
      while (done.size() < PARTITIONS * RECORDS || !out.isEmpty()) {
        step();
        if (out.size() > permits || workload.out() != out.size()) {
          throw new AssertionError(out.size() + " out with " + permits + " permits");
        }
        List.of(owned).forEach(this::assertCommittable);
      }
    }

    private void step() {
      int what = random.nextInt(40);
      int p = random.nextInt(PARTITIONS);
      if (what < 20 && read[p] < RECORDS) {
        long offset = read[p]++;
        workload.add(owned[p], offset, key(p, offset), new Item(p, offset, key(p, offset)));
      } else if (what < 39 && !out.isEmpty()) {
        out.remove(random.nextInt(out.size())).run();
      } else if (what == 39 && faults) {
        workload.letGo(List.of(owned[p]));
        committed[p] = Math.max(committed[p], workload.progress(owned[p]).watermark());
        own(p);
      }
    }

    private static String key(int partition, long offset) {
      return partition + "/" + offset * 31 % 7;
    }

    private void own(int p) {
      owned[p] = new OwnedPartition(p);
      read[p] = committed[p];
    }

    private void assertCommittable(OwnedPartition partition) {
      int p = partition.number();
      while (done.contains(new Item(p, allDoneBelow[p], key(p, allDoneBelow[p])))) {
        allDoneBelow[p]++;
      }
      if (workload.progress(partition).watermark() > allDoneBelow[p]) {
        throw new AssertionError("commits past " + allDoneBelow[p] + ", which is not done");
      }
    }
  }

  private void runAll() {
    while (!started.isEmpty()) {
      started.remove().run();
    }
  }

  private static RuntimeException catchRuntime(Runnable what) {
    try {
      what.run();
    } catch (RuntimeException e) {
      return e;
    }
    throw new AssertionError("nothing was thrown");
  }

  private static boolean joined(Thread thread) {
    try {
      return thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
