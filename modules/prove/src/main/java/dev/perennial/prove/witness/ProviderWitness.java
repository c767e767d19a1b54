package dev.perennial.prove.witness;

import dev.perennial.devstack.provider.Overlap;
import dev.perennial.devstack.provider.Use;
import dev.perennial.prove.guarantee.Standing;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the provider saw, and what it would say. Thread-safe. */
public interface ProviderWitness {

  /** Every token request, in the order of processing. */
  List<Use> uses();

  /** Calls of one grant that were before the provider at the same time. */
  List<Overlap> overlaps();

  /** The ledger's name for a refresh token that was issued. */
  Optional<String> nameOf(String refreshToken);

  /** What the provider would say to a refresh token now. */
  Standing standing(String refreshToken);

  /** Every code and token ever issued. */
  Set<String> secrets();
}
