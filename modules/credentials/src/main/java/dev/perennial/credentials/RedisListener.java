package dev.perennial.credentials;

/**
 * Hears of the calls to Redis, on the thread that waits for them, so it must return at once and
 * throw nothing. Thread-safe.
 */
@FunctionalInterface
public interface RedisListener {

  /** Hears nothing. */
  RedisListener NONE = (_, _, _) -> {};

  /**
   * A script was run, or a row of them in one round trip.
   *
   * @param script its name in lower case
   * @param nanos how long its caller waited, for a free connection too
   * @param answered whether Redis did what it was asked, whatever the answer
   */
  void called(String script, long nanos, boolean answered);

  /** Both, one after the other. */
  static RedisListener both(RedisListener one, RedisListener two) {
    return (script, nanos, answered) -> {
      one.called(script, nanos, answered);
      two.called(script, nanos, answered);
    };
  }
}
