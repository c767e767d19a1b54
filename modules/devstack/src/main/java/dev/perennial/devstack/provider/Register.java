package dev.perennial.devstack.provider;

import java.util.List;

/** What one provider has granted, for the ledger to ask. Thread-safe. */
interface Register {

  /** The names of a code or a refresh token. */
  Names names(String presented);

  /** Whether this is its grant's newest refresh token, and the grant is not over. */
  boolean isCurrent(String refreshToken);

  List<GrantState> grants();

  /** The ledger's names for something presented. */
  record Names(String token, String grant) {
    static final Names UNKNOWN = new Names(Ledger.UNKNOWN, Ledger.UNKNOWN);

    boolean isKnown() {
      return !token.equals(Ledger.UNKNOWN);
    }
  }
}
