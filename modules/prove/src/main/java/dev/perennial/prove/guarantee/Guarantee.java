package dev.perennial.prove.guarantee;

/**
 * Something that holds whatever happens. It looks at what the witnesses have seen, and at nothing
 * else: what it excuses, it excuses by a rule over the same evidence.
 */
public interface Guarantee {

  /** Judges; asking again gives the same. */
  Verdict check(Evidence evidence);

  /** The name by which it is waived and shown. */
  default String name() {
    return getClass().getSimpleName();
  }
}
