package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.devstack.provider.Ledger;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.CredentialState;
import java.util.List;

/** What holds at the end of every test: the provider's ledger and the topic are the witnesses. */
final class Guarantees {
  private Guarantees() {}

  static void hold(Ledger ledger) {
    assertThat(ledger.spentTwice()).as("no refresh token is spent twice").isEmpty();
    assertThat(ledger.codesUsedTwice()).as("no code is used twice").isEmpty();
    assertThat(ledger.maxConcurrentPerFamily())
        .as("one call in flight for each connection")
        .isLessThanOrEqualTo(1);
  }

  /** One content for each version, and versions rise in the order of the topic. */
  static void versionsRise(Witness witness, ConnectionKey key) {
    List<CredentialState> states = witness.states(key);
    for (int i = 1; i < states.size(); i++) {
      CredentialState earlier = states.get(i - 1);
      CredentialState later = states.get(i);
      assertThat(later.compareTo(earlier)).as("%s after %s", later, earlier).isNotNegative();
      if (later.version() == earlier.version()) {
        assertThat(later).as("a duplicate says the same").isEqualTo(earlier);
      }
    }
  }
}
