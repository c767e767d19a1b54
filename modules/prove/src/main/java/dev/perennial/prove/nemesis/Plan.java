package dev.perennial.prove.nemesis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * What goes wrong, when, where and for how long: the same for the same seed and length. Every kind
 * comes once before any comes again; some overlap, and between the others there is time to breathe.
 *
 * @param steps by time
 */
record Plan(List<Step> steps) {
  private static final Duration CALM = Duration.ofSeconds(4);
  private static final double OVERLAPPING = 0.25;

  Plan {
    steps = List.copyOf(steps);
  }

  /**
   * One thing that goes wrong.
   *
   * @param at from the begin of the run
   * @param dice from which whoever does it draws the target and the strength
   */
  record Step(Duration at, Wound wound, Duration length, long dice) {}

  /**
   * @param length of the time in which things go wrong; all are over by its end
   */
  static Plan of(long seed, Duration length) {
    return of(seed, length, List.of(Wound.values()));
  }

  static Plan of(long seed, Duration length, List<Wound> wounds) {
    Random random = new Random(seed);
    List<Step> steps = new ArrayList<>();
    List<Wound> deck = new ArrayList<>();
    Duration at = CALM;
    while (true) {
      if (deck.isEmpty()) {
        deck.addAll(wounds);
        Collections.shuffle(deck, random);
      }
      Wound wound = deck.removeLast();
      Duration lasts = draw(random, wound.length());
      long dice = random.nextLong();
      boolean overlapped = random.nextDouble() < OVERLAPPING;
      Duration pause = draw(random, new Duration[] {Duration.ofSeconds(2), Duration.ofSeconds(6)});
      if (at.compareTo(length) >= 0) {
        break;
      }
      if (at.plus(lasts).compareTo(length) < 0) {
        steps.add(new Step(at, wound, lasts, dice));
        at = overlapped ? at.plus(Duration.ofSeconds(1)) : at.plus(lasts).plus(pause);
      } else {
        at = at.plus(Duration.ofSeconds(1));
      }
    }
    steps.sort(Comparator.comparing(Step::at));
    return new Plan(steps);
  }

  private static Duration draw(Random random, Duration[] bounds) {
    long from = bounds[0].toMillis();
    return Duration.ofMillis(from + (long) (random.nextDouble() * (bounds[1].toMillis() - from)));
  }
}
