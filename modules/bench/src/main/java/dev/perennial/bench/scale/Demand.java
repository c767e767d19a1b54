package dev.perennial.bench.scale;

/**
 * What is to be kept alive.
 *
 * @param connections how many
 * @param life of each access token, in seconds
 * @param share of the life after which it is due
 * @param jitter at most this share of the life earlier, evenly
 * @param answer seconds that a provider takes
 */
public record Demand(double connections, double life, double share, double jitter, double answer) {

  /** A hundred million tokens of one hour, refreshed by the defaults, providers of 200 ms. */
  public static final Demand HUNDRED_MILLION = new Demand(100e6, 3600, 0.75, 0.05, 0.2);

  /** Mean seconds between two refreshes of one connection. */
  public double interval() {
    return life * (share - jitter / 2);
  }

  /** Refreshes a second when all is well. */
  public double rate() {
    return connections / interval();
  }

  /** Calls in flight at once: Little's law. */
  public double inFlight() {
    return rate() * answer;
  }

  /** Seconds that a token has left, at the least, when it is due. */
  public double margin() {
    return life * (1 - share);
  }
}
