package dev.perennial.app.role;

import dev.perennial.app.config.PerennialConfig;
import dev.perennial.credentials.ShardOwner;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Rebuilds Redis from the topics in this process: every shard is read from the start, what stands
 * higher wins. Roles may run meanwhile. Tokens are copied as they are sealed, so no key is needed.
 */
public final class Restore {
  private static final Duration TELL = Duration.ofSeconds(1);

  private Restore() {}

  /**
   * How far it has come.
   *
   * @param shards of all
   * @param done shards that hold everything that was on the topics when it began
   * @param records read from the topic so far
   * @param total records and gaps that were on the topic when it began
   * @param applied records that brought something new
   * @param held how long refreshes are held now at least; zero = not at all
   */
  public record State(
      int shards, int done, long records, long total, long applied, Duration held) {}

  /**
   * Returns when every shard is healed, or when it is asked to stop.
   *
   * @param progress told about once a second, and at the end
   * @param stop asked again and again
   * @return whether it came to its end
   * @throws StartProblems where Redis or the topics are not set up as they must be
   * @throws dev.perennial.domain.UnavailableException where one of them does not answer
   */
  public static boolean run(
      PerennialConfig config, Consumer<State> progress, BooleanSupplier stop) {
    try (Foundation on = Keyless.on(config);
        ShardOwners owners = new ShardOwners(on)) {
      StartGate.check(on);
      List<ShardOwner> all = IntStream.range(0, on.shards.count()).mapToObj(owners::of).toList();
      all.forEach(ShardOwner::startOver);
      long told = System.nanoTime();
      while (!all.stream().allMatch(ShardOwner::caughtUp)) {
        if (stop.getAsBoolean()) {
          return false;
        }
        all.stream().filter(owner -> !owner.caughtUp()).forEach(ShardOwner::turn);
        if (System.nanoTime() - told > TELL.toNanos()) {
          told = System.nanoTime();
          progress.accept(state(all));
        }
      }
      progress.accept(state(all));
      return true;
    }
  }

  private static State state(List<ShardOwner> all) {
    return new State(
        all.size(),
        (int) all.stream().filter(ShardOwner::caughtUp).count(),
        all.stream().mapToLong(ShardOwner::read).sum(),
        all.stream().mapToLong(ShardOwner::goal).sum(),
        all.stream().mapToLong(ShardOwner::applied).sum(),
        all.stream().map(ShardOwner::held).max(Duration::compareTo).orElse(Duration.ZERO));
  }
}
