package dev.perennial.exchanger;

/**
 * What may be logged of an exception that nobody expected: its kind and where it came from. Its
 * message may quote a URL, a header or a piece of an answer, and with it a secret.
 */
final class Unexpected extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private Unexpected(String kind) {
    super(kind, null, false, true);
  }

  /** Of the same kind and place, without its message and its causes. */
  static Unexpected of(Throwable met) {
    Unexpected shown = new Unexpected(met.getClass().getName());
    shown.setStackTrace(met.getStackTrace());
    return shown;
  }
}
