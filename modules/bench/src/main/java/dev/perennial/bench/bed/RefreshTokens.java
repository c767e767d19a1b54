package dev.perennial.bench.bed;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * Single-use refresh tokens of numbered connections, with a ledger that costs four bytes a
 * connection: a token says its connection and its generation, and only the generation that stands
 * here is good. One token is outside of it and never spent, for requests that measure the ceiling.
 * Thread-safe.
 */
public final class RefreshTokens {
  /** Good at any time, and rotates to itself. */
  static final String STEADY = token("s", 0);

  private static final String PADDING = "x".repeat(48);

  private final AtomicIntegerArray generations;
  private final LongAdder granted = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder spentTwice = new LongAdder();
  private final LongAdder steady = new LongAdder();

  RefreshTokens(int connections) {
    this.generations = new AtomicIntegerArray(connections);
  }

  /** The token that a connection begins with. */
  public static String first(int connection) {
    return token(Integer.toString(connection), 0);
  }

  private static String token(String connection, int generation) {
    return "rt." + connection + "." + generation + "." + PADDING;
  }

  /** What follows the token, or an empty text where it is refused. */
  String spend(String token) {
    if (token.startsWith("rt.s.")) {
      steady.increment();
      return token;
    }
    int first = token.indexOf('.') + 1;
    int second = token.indexOf('.', first) + 1;
    int third = token.indexOf('.', second);
    if (first == 0 || second == 0 || third < 0) {
      refused.increment();
      return "";
    }
    String connection = token.substring(first, second - 1);
    int generation = Integer.parseInt(token.substring(second, third));
    return spend(Integer.parseInt(connection), generation);
  }

  private String spend(int connection, int generation) {
    if (!generations.compareAndSet(connection, generation, generation + 1)) {
      spentTwice.increment();
      return "";
    }
    granted.increment();
    return token(Integer.toString(connection), generation + 1);
  }

  Ledger ledger() {
    return new Ledger(granted.sum(), refused.sum(), spentTwice.sum(), steady.sum());
  }

  /**
   * What the token server has seen.
   *
   * @param granted refreshes
   * @param refused requests that made no sense
   * @param spentTwice uses of a token that had been spent; anything but 0 is a fault of ours
   * @param steady answers to requests that measure the ceiling
   */
  public record Ledger(long granted, long refused, long spentTwice, long steady) {
    static Ledger parse(String line) {
      String[] words = line.split(" ", -1);
      return new Ledger(
          Long.parseLong(words[1]),
          Long.parseLong(words[2]),
          Long.parseLong(words[3]),
          Long.parseLong(words[4]));
    }

    @Override
    public String toString() {
      return "ledger " + granted + " " + refused + " " + spentTwice + " " + steady;
    }
  }
}
