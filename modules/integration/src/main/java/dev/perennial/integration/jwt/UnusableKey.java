package dev.perennial.integration.jwt;

/** A key cannot be used. The message says why and holds nothing of it. */
final class UnusableKey extends Exception {
  UnusableKey(String reason) {
    super(reason, null, false, false);
  }
}
