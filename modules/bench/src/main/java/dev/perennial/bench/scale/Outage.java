package dev.perennial.bench.scale;

/**
 * A provider that answers nobody for a while, and the time after it. While it lasts, each of its
 * connections falls due once and stays due; then all of them want their turn beside what falls due
 * anyway, and have it in the order in which they fell due.
 *
 * @param part of all connections that are this provider's
 * @param seconds that it lasts
 * @param headroom refreshes a second that can be done, as a multiple of the usual rate, above 1
 */
public record Outage(double part, double seconds, double headroom) {

  /** An hour without the provider of three in ten, with twice the capacity that is usually used. */
  public static final Outage HOUR = new Outage(0.3, 3600, 2);

  /** Connections that are due when it ends. */
  public double backlog(Demand demand) {
    return part * demand.connections() * Math.min(1, seconds / demand.interval());
  }

  /**
   * Seconds until nobody waits any more. The others fall due as ever meanwhile; of the provider's
   * own only those that had not yet fallen due when it came back.
   */
  public double drained(Demand demand) {
    double rate = demand.rate();
    double notYetDue = Math.max(0, demand.interval() - seconds);
    double whileTheyFallDue = backlog(demand) / (rate * (headroom - 1));
    if (whileTheyFallDue <= notYetDue) {
      return whileTheyFallDue;
    }
    return (backlog(demand) + rate * part * notYetDue) / (rate * (headroom - (1 - part)));
  }

  /**
   * The part of those that fell due meanwhile whose access token is over before they have their
   * turn. Who fell due first has waited for the whole outage; who fell due last has its turn when
   * the whole backlog has had it, before everybody who fell due later.
   */
  public double expired(Demand demand) {
    double first = seconds;
    double last = seconds + othersWait(demand) - Math.min(seconds, demand.interval());
    double margin = demand.margin() + demand.life() * demand.jitter() / 2;
    if (Math.max(first, last) <= margin) {
      return 0;
    }
    return last >= margin ? 1 : (first - margin) / (first - last);
  }

  /** Seconds that a connection of another provider waits behind the backlog, at the most. */
  public double othersWait(Demand demand) {
    return backlog(demand) / (demand.rate() * headroom);
  }

  /** Seconds until the backlog of a pause is gone, in which nothing was done for so long. */
  public double caughtUp(double pause) {
    return pause / (headroom - 1);
  }
}
