package dev.perennial.app.keys;

/** A command about the key ring was not carried out: its message says why and what to do. */
public final class Refused extends RuntimeException {
  Refused(String message) {
    super(message);
  }
}
