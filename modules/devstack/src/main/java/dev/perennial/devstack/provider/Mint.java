package dev.perennial.devstack.provider;

import java.util.Base64;
import java.util.random.RandomGenerator;

/** Makes opaque strings that cannot be guessed and can be searched for. Thread-safe. */
final class Mint {
  static final String ACCESS_TOKEN = "sim-at-";
  static final String REFRESH_TOKEN = "sim-rt-";
  static final String CODE = "sim-code-";
  private static final int BYTES = 24;

  private final RandomGenerator random;
  private final Ledger ledger;

  Mint(RandomGenerator random, Ledger ledger) {
    this.random = random;
    this.ledger = ledger;
  }

  String next(String prefix) {
    byte[] bytes = new byte[BYTES];
    synchronized (random) {
      random.nextBytes(bytes);
    }
    String made = prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    ledger.issued(made);
    return made;
  }
}
