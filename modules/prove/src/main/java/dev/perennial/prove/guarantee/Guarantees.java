package dev.perennial.prove.guarantee;

import java.util.List;
import java.util.Map;

/** All of them. */
public final class Guarantees {
  /** In the order in which they are shown. */
  public static final List<Guarantee> ALL =
      List.of(
          new NoRefreshTokenSpentTwice(),
          new OneCallInFlightPerConnection(),
          new EveryCodeSettled(),
          new NoGrantSilentlyLost(),
          new EveryVersionPublishedInOrder(),
          new RefreshedBeforeExpiry(),
          new LoserNeverHarmsWinner(),
          new RedisIsRebuildable(),
          new NoSecretInTheOpen(),
          new OneProviderHangsOthersFlow());

  private Guarantees() {}

  /**
   * Judges by all that are not waived.
   *
   * @param waived by class, with the reason
   */
  public static List<Verdict> check(
      Evidence evidence, Map<Class<? extends Guarantee>, String> waived) {
    return ALL.stream()
        .filter(guarantee -> !waived.containsKey(guarantee.getClass()))
        .map(guarantee -> guarantee.check(evidence))
        .toList();
  }
}
