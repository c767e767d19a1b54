package dev.perennial.devstack.provider;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** A token endpoint that can be made slow and broken while it serves. Thread-safe. */
public interface Breakable {

  /**
   * From now on every token request waits this long before it is processed. One whose caller went
   * away in the meantime is not processed.
   */
  void delay(Duration wanted);

  /** The next so many token requests end in this fault, after those already planned. */
  void failNext(int requests, Fault fault);

  /**
   * Token requests for which nothing is planned end in a fault with the probability, drawn in the
   * order they arrive, until the next such call or {@link #recover()}.
   *
   * @param probability 0 to 1; 0 ends it and leaves a delay and planned faults alone
   * @param random need not be thread-safe; nobody else may use it
   * @param faults asked each time, one caller at a time
   * @throws IllegalArgumentException where it is not a probability
   */
  void failWithProbability(double probability, RandomGenerator random, Supplier<Fault> faults);

  /**
   * As the other one, always with the same fault.
   *
   * @param seed of what is drawn
   */
  void failWithProbability(double probability, long seed, Fault fault);

  /**
   * As the other one, with one of these faults, each as likely as another.
   *
   * @param faults at least one
   */
  default void failWithProbability(double probability, RandomGenerator random, List<Fault> faults) {
    List<Fault> choice = List.copyOf(faults);
    if (choice.isEmpty()) {
      throw new IllegalArgumentException("no fault to choose from");
    }
    failWithProbability(probability, random, () -> choice.get(random.nextInt(choice.size())));
  }

  /** No delay and no faults any more. What already hangs keeps hanging. */
  void recover();
}
