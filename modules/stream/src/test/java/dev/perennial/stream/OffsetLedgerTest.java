package dev.perennial.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OffsetLedgerTest {
  private final OffsetLedger ledger = new OffsetLedger();

  @Test
  void nothingMayBeCommittedBeforeAnythingWasRead() {
    assertThat(ledger.watermark()).isEqualTo(OffsetLedger.NOTHING_READ);
  }

  @Test
  void theLowestOpenOffsetHoldsTheWatermark() {
    ledger.open(5);
    ledger.open(6);
    ledger.open(9);
    ledger.close(6);
    assertThat(ledger.watermark()).isEqualTo(5);
    ledger.close(5);
    assertThat(ledger.watermark()).isEqualTo(9);
    ledger.close(9);
    assertThat(ledger.watermark()).isEqualTo(10);
    assertThat(ledger.openCount()).isZero();
  }

  @Test
  void anOffsetIsReadOnceAndDoneOnce() {
    ledger.open(5);
    ledger.close(5);
    assertThatThrownBy(() -> ledger.close(5)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ledger.open(5)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void inAnyHistoryTheWatermarkNeitherFallsNorPassesAnOpenOffset() {
    for (int seed = 0; seed < 200; seed++) {
      history(new Random(seed));
    }
  }

  private static void history(Random random) {
    OffsetLedger ledger = new OffsetLedger();
    List<Long> open = new ArrayList<>();
    long next = random.nextInt(100);
    long before = OffsetLedger.NOTHING_READ;
    for (int step = 0; step < 200; step++) {
      if (open.isEmpty() || random.nextInt(5) < 2) {
        next += random.nextInt(3);
        ledger.open(next);
        open.add(next++);
      } else {
        ledger.close(open.remove(random.nextInt(open.size())));
      }
      long expected = open.stream().mapToLong(Long::longValue).min().orElse(next);
      assertThat(ledger.watermark()).isEqualTo(expected).isGreaterThanOrEqualTo(before);
      assertThat(ledger.openCount()).isEqualTo(open.size());
      before = expected;
    }
  }
}
