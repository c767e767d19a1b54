package dev.perennial.prove.witness;

import dev.perennial.devstack.provider.Ledger;
import dev.perennial.devstack.provider.Overlap;
import dev.perennial.devstack.provider.Use;
import dev.perennial.prove.guarantee.Standing;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a ledger says, whoever keeps it. */
public record LedgerWitness(Ledger ledger) implements ProviderWitness {
  private static final String UNKNOWN = "unknown";

  @Override
  public List<Use> uses() {
    return ledger.uses();
  }

  @Override
  public List<Overlap> overlaps() {
    return ledger.overlaps();
  }

  @Override
  public Optional<String> nameOf(String refreshToken) {
    return Optional.of(ledger.nameOf(refreshToken)).filter(name -> !name.equals(UNKNOWN));
  }

  @Override
  public Standing standing(String refreshToken) {
    if (nameOf(refreshToken).isEmpty()) {
      return Standing.UNKNOWN;
    }
    return ledger.isCurrent(refreshToken) ? Standing.GOOD : Standing.DEAD;
  }

  @Override
  public Set<String> secrets() {
    return ledger.allSecretsIssued();
  }
}
