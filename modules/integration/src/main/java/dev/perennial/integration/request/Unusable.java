package dev.perennial.integration.request;

/** A definition says something that cannot be made into a request. The message says why. */
public final class Unusable extends Exception {
  Unusable(String reason) {
    super(reason);
  }
}
