package dev.perennial.bench.bed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.bench.bed.RefreshTokens.Ledger;
import org.junit.jupiter.api.Test;

class RefreshTokensTest {
  private final RefreshTokens tokens = new RefreshTokens(10);

  @Test
  void eachTokenIsGoodOnce() {
    String second = tokens.spend(RefreshTokens.first(3));
    String third = tokens.spend(second);
    assertThat(third).isNotEmpty().isNotEqualTo(second);
    assertThat(tokens.spend(second)).isEmpty();
    assertThat(tokens.ledger()).isEqualTo(new Ledger(2, 0, 1, 0));
  }

  @Test
  void theSteadyOneIsGoodForEverAndCountsApart() {
    assertThat(tokens.spend(RefreshTokens.STEADY)).isEqualTo(RefreshTokens.STEADY);
    assertThat(tokens.ledger()).isEqualTo(new Ledger(0, 0, 0, 1));
  }

  @Test
  void whatIsNoTokenIsRefused() {
    assertThat(tokens.spend("nonsense")).isEmpty();
    assertThat(tokens.ledger().refused()).isEqualTo(1);
  }

  @Test
  void theLedgerReadsWhatItWrites() {
    Ledger ledger = new Ledger(1, 2, 3, 4);
    assertThat(Ledger.parse(ledger.toString())).isEqualTo(ledger);
  }
}
