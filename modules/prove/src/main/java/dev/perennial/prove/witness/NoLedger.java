package dev.perennial.prove.witness;

import dev.perennial.devstack.provider.Overlap;
import dev.perennial.devstack.provider.Use;
import dev.perennial.prove.guarantee.Standing;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A provider that keeps no ledger: the other two witnesses have to do. */
public final class NoLedger implements ProviderWitness {
  @Override
  public List<Use> uses() {
    return List.of();
  }

  @Override
  public List<Overlap> overlaps() {
    return List.of();
  }

  @Override
  public Optional<String> nameOf(String refreshToken) {
    return Optional.empty();
  }

  @Override
  public Standing standing(String refreshToken) {
    return Standing.UNKNOWN;
  }

  @Override
  public Set<String> secrets() {
    return Set.of();
  }
}
