package dev.perennial.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrecedenceTest {
  private static final int MOST = 512;

  private int codes;
  private long codesDone;
  private int due = MOST;
  private int running = MOST;
  private int asked;
  private Duration answer = Duration.ZERO;
  private long now;
  private final List<Integer> allowed = new ArrayList<>();
  private final Precedence precedence =
      new Precedence(
          new Precedence.Controls(
              () -> codes, () -> codesDone, this::ask, () -> running, this::allow),
          MOST,
          () -> now);

  private void ask() {
    asked++;
    now += answer.toNanos();
  }

  private void allow(int most) {
    allowed.add(most);
    running = Math.min(due, most);
  }

  @Test
  void whileNobodyWaitsNothingIsAskedAndNothingHeldBack() {
    answer = Duration.ofSeconds(1);
    look(50);
    assertThat(asked).isZero();
    assertThat(allowed).isEmpty();
  }

  @Test
  void whileSomebodyWaitsAndTheStoreIsSlowHalfAsManyRunEachTime() {
    comesAndTheStoreIsQuick();
    answer = Precedence.SLOW.plusNanos(1);
    look(10);
    assertThat(allowed).containsExactly(256, 128, 64, 32, 16, 8);
    assertThat(asked).isEqualTo(11);
  }

  @Test
  void halfOfThoseThatRunAndNotOfThoseThatMight() {
    comesAndTheStoreIsQuick();
    due = 100;
    running = 100;
    answer = Duration.ofSeconds(1);
    look(1);
    assertThat(allowed).containsExactly(50);
  }

  @Test
  void whereTheStoreIsQuickAgainMoreRunBitByBit() {
    comesAndTheStoreIsQuick();
    answer = Duration.ofSeconds(1);
    look(10);
    allowed.clear();
    answer = Precedence.SLOW;
    look(60);
    assertThat(allowed).startsWith(16, 24, 32).endsWith(MOST).isSorted();
    assertThat(allowed.size()).isBetween(20, 40);
  }

  @Test
  void aCrowdThatComesWhileSomebodyWaitsStartsBitByBit() {
    due = 0;
    running = 0;
    comesAndTheStoreIsQuick();
    assertThat(allowed).containsExactly(Precedence.FEWEST);
    due = MOST;
    running = Precedence.FEWEST;
    look(2);
    assertThat(allowed).endsWith(16, 24);
  }

  @Test
  void whoCameAndWentBetweenTwoLooksCountsForASecond() {
    codesDone = 7;
    look(1);
    answer = Duration.ofSeconds(1);
    look(Precedence.REMEMBERED - 1);
    assertThat(asked).isEqualTo(Precedence.REMEMBERED);
    assertThat(allowed.getLast()).isEqualTo(Precedence.FEWEST);
    look(1);
    assertThat(asked).isEqualTo(Precedence.REMEMBERED);
    assertThat(allowed.getLast()).as("nobody waits any more").isEqualTo(MOST);
  }

  @Test
  void aStoreThatIsFarAwayIsSlowOnlyWhereItTakesLongerThanItsWay() {
    codes = 1;
    answer = Duration.ofMillis(30);
    look(10);
    answer = Duration.ofMillis(120);
    look(10);
    assertThat(allowed).isEmpty();
    answer = Duration.ofMillis(121);
    look(1);
    assertThat(allowed).containsExactly(256);
  }

  @Test
  void whoeverDoesNotLookHoldsNothingBack() {
    comesAndTheStoreIsQuick();
    answer = Duration.ofSeconds(1);
    look(10);
    precedence.start();
    precedence.close();
    assertThat(allowed).endsWith(Precedence.FEWEST, MOST);
  }

  private void comesAndTheStoreIsQuick() {
    codes = 1;
    look(1);
  }

  private void look(int times) {
    for (int i = 0; i < times; i++) {
      precedence.look();
    }
  }
}
