package dev.perennial.bench.bed;

/** Something could not be measured. The message says what, and where to look. */
public final class BedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BedException(String message) {
    super(message);
  }
}
