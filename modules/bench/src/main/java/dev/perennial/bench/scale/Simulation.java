package dev.perennial.bench.scale;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The same demand with fewer connections, second by second: each connection falls due by its own
 * jitter, waits for its turn, and falls due again. Knows nothing of the arithmetic that it checks.
 * The same seed gives the same run.
 */
public final class Simulation {
  private final Demand demand;
  private final Outage outage;
  private final SplittableRandom random;
  private final int connections;
  private final int ofProvider;
  private final int capacity;
  private final List<List<Integer>> dueAt = new ArrayList<>();
  private final Deque<Integer> queue = new ArrayDeque<>();
  private final Deque<Integer> away = new ArrayDeque<>();
  private final double[] endsAt;

  private long calmRefreshes;
  private int drainedAt;
  private int expired;
  private int hadToWait;
  private int echo;

  /**
   * What came of it.
   *
   * @param rate refreshes a second before the outage
   * @param drained seconds after the outage until nobody waited any more
   * @param expired part of those that fell due in the outage whose token ended first
   * @param echo most that fell due in one second in the turn after, as a multiple of the usual rate
   */
  public record Outcome(double rate, double drained, double expired, double echo) {}

  /**
   * @param demand its connections are what is simulated: some 100,000
   */
  public Simulation(Demand demand, Outage outage, long seed) {
    this.demand = demand;
    this.outage = outage;
    this.random = new SplittableRandom(seed);
    this.connections = (int) demand.connections();
    this.ofProvider = (int) (connections * outage.part());
    this.capacity = (int) Math.round(demand.rate() * outage.headroom());
    this.endsAt = new double[connections];
  }

  public Outcome run() {
    int calm = (int) (2 * demand.life());
    int end = calm + (int) outage.seconds();
    int over = end + (int) (3 * demand.life());
    for (int second = 0; second < over + demand.life() * 2; second++) {
      dueAt.add(new ArrayList<>());
    }
    begin();
    for (int second = 0; second < over; second++) {
      boolean down = second >= calm && second < end;
      fallDue(second, down, end);
      if (second == end) {
        queue.addAll(away);
        away.clear();
      }
      work(second, calm, end);
      if (drainedAt == 0 && second > end && queue.isEmpty()) {
        drainedAt = second;
      }
    }
    return new Outcome(
        calmRefreshes / (calm / 2.0),
        drainedAt - end,
        (double) expired / hadToWait,
        echo / demand.rate());
  }

  /** As if it had been going on for long: everybody somewhere between two refreshes. */
  private void begin() {
    for (int connection = 0; connection < connections; connection++) {
      double wait = demand.interval() * random.nextDouble();
      endsAt[connection] = wait + demand.margin();
      dueAt.get((int) wait).add(connection);
    }
  }

  private void fallDue(int second, boolean down, int end) {
    List<Integer> due = dueAt.get(second);
    for (int connection : due) {
      boolean waits = down && connection < ofProvider;
      (waits ? away : queue).add(connection);
      hadToWait += waits ? 1 : 0;
    }
    if (drainedAt > 0 && second > drainedAt && second < end + 2 * demand.life()) {
      echo = Math.max(echo, due.size());
    }
    due.clear();
  }

  private void work(int second, int calm, int end) {
    for (int i = 0; i < capacity && !queue.isEmpty(); i++) {
      int connection = queue.remove();
      boolean late = second > endsAt[connection];
      if (late && second >= end && drainedAt == 0 && connection < ofProvider) {
        expired++;
      }
      if (second >= calm / 2 && second < calm) {
        calmRefreshes++;
      }
      double early = demand.life() * demand.jitter() * random.nextDouble();
      int next = second + (int) Math.round(demand.life() * demand.share() - early);
      endsAt[connection] = second + demand.life();
      if (next < dueAt.size()) {
        dueAt.get(next).add(connection);
      }
    }
  }
}
