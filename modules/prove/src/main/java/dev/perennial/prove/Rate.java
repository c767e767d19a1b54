package dev.perennial.prove;

import dev.perennial.devstack.provider.Use;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Status;
import dev.perennial.prove.guarantee.Disturbance;
import dev.perennial.prove.guarantee.Disturbance.Kind;
import dev.perennial.prove.guarantee.Evidence;
import dev.perennial.prove.guarantee.Published;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How many refreshes there were, and how many there would have been where nothing is ever late.
 * While Kafka or Redis is away, or what it lost is being brought back, none can be expected.
 *
 * @param refreshes granted while the servers were there
 * @param expected by the lives of the access tokens and the time that each connection was alive
 */
record Rate(long refreshes, long expected, Duration watched, Duration away) {

  static Rate of(Evidence evidence, double share, Instant from, Instant to) {
    List<Instant[]> outages = outages(evidence, from, to);
    long refreshes =
        evidence.uses().stream()
            .filter(use -> use.kind() == Use.Kind.REFRESH_TOKEN)
            .filter(use -> use.outcome() == Use.Outcome.GRANTED)
            .filter(use -> !use.at().isBefore(from) && use.at().isBefore(to))
            .filter(use -> outages.stream().noneMatch(away -> within(use.at(), away)))
            .count();
    Map<ConnectionKey, Duration> lives = lives(evidence);
    long expected = 0;
    for (Map.Entry<ConnectionKey, List<Instant[]>> alive : alive(evidence, to).entrySet()) {
      Duration life = lives.getOrDefault(alive.getKey(), Duration.ZERO);
      if (!life.isZero()) {
        for (Instant[] span : alive.getValue()) {
          double each = life.toMillis() * share;
          expected += (long) (without(span[0], span[1], outages) / each);
          expected -= (long) (without(span[0], min(span[1], max(span[0], from)), outages) / each);
        }
      }
    }
    Duration away =
        outages.stream()
            .map(one -> Duration.between(one[0], one[1]))
            .reduce(Duration.ZERO, Duration::plus);
    return new Rate(refreshes, expected, Duration.between(from, to), away);
  }

  /** Of the first access token of each connection; those without an end are left out. */
  private static Map<ConnectionKey, Duration> lives(Evidence evidence) {
    Map<ConnectionKey, Duration> lives = new HashMap<>();
    for (Published one : evidence.published()) {
      Instant issued = one.state().issuedAt();
      Instant expires = one.state().expiresAt();
      if (issued != null && expires != null) {
        lives.putIfAbsent(one.key(), Duration.between(issued, expires));
      }
    }
    return lives;
  }

  private static boolean within(Instant at, Instant[] span) {
    return !at.isBefore(span[0]) && at.isBefore(span[1]);
  }

  /** Milliseconds between the two, without the outages. */
  private static double without(Instant from, Instant to, List<Instant[]> outages) {
    Duration all = Duration.between(from, to);
    for (Instant[] outage : outages) {
      Instant begin = max(from, outage[0]);
      Instant end = min(to, outage[1]);
      all = begin.isBefore(end) ? all.minus(Duration.between(begin, end)) : all;
    }
    return all.toMillis();
  }

  /** When Kafka or Redis was away, without overlaps. */
  private static List<Instant[]> outages(Evidence evidence, Instant from, Instant to) {
    List<Instant[]> merged = new ArrayList<>();
    evidence.disturbances().stream()
        .filter(one -> one.kind() == Kind.KAFKA || one.kind() == Kind.REDIS)
        .sorted(Comparator.comparing(Disturbance::from))
        .map(one -> new Instant[] {max(one.from(), from), min(evidence.settled(one), to)})
        .filter(span -> span[0].isBefore(span[1]))
        .forEach(span -> {
          if (!merged.isEmpty() && !span[0].isAfter(merged.getLast()[1])) {
            merged.getLast()[1] = max(merged.getLast()[1], span[1]);
          } else {
            merged.add(span);
          }
        });
    return merged;
  }

  private static Map<ConnectionKey, List<Instant[]>> alive(Evidence evidence, Instant to) {
    Map<ConnectionKey, List<Instant[]>> all = new HashMap<>();
    Map<ConnectionKey, Instant> since = new HashMap<>();
    for (Published one : evidence.published()) {
      boolean alive = one.state().status() != Status.REAUTHORIZATION_REQUIRED;
      if (alive) {
        since.putIfAbsent(one.key(), one.state().changedAt());
      } else {
        Instant begun = since.remove(one.key());
        add(all, one.key(), begun == null ? to : begun, one.state().changedAt(), to);
      }
    }
    since.forEach((key, begun) -> add(all, key, begun, to, to));
    return all;
  }

  private static void add(
      Map<ConnectionKey, List<Instant[]>> all,
      ConnectionKey key,
      Instant begun,
      Instant ended,
      Instant to) {
    Instant[] span = {begun, min(ended, to)};
    if (span[0].isBefore(span[1])) {
      all.computeIfAbsent(key, _ -> new ArrayList<>()).add(span);
    }
  }

  private static Instant max(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private static Instant min(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  @Override
  public String toString() {
    double seconds = watched.minus(away).toMillis() / 1000.0;
    return String.format(
        Locale.ROOT,
        "%d refreshes in %.0f s without outage (%.1f a second), %d expected: %.0f %%; %.0f s of"
            + " outage left out",
        refreshes,
        seconds,
        seconds == 0 ? 0 : refreshes / seconds,
        expected,
        expected == 0 ? 0.0 : 100.0 * refreshes / expected,
        away.toMillis() / 1000.0);
  }
}
