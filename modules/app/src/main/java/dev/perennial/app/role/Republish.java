package dev.perennial.app.role;

import dev.perennial.app.config.PerennialConfig;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.CredentialStore;
import dev.perennial.domain.event.Event.CredentialUpdated;
import dev.perennial.domain.event.EventPublisher;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * Says on {@code credentials-updated} what Redis holds of every connection: after Kafka has lost
 * its topics. Roles may run meanwhile: where one of them says a newer version in between, the owner
 * of the shard finds the older record behind it and says the newer one again.
 */
public final class Republish {
  private Republish() {}

  /**
   * What came of it.
   *
   * @param connections that were said, or with a dry run would have been; one that Redis moves
   *     meanwhile may count twice
   * @param whole whether it came to its end
   */
  public record Outcome(long connections, boolean whole) {}

  /**
   * Goes through all connections.
   *
   * @param dryRun nothing is said
   * @param progress told again and again how many there have been
   * @param stop asked again and again
   * @throws StartProblems where Redis or the topics are not set up as they must be
   * @throws dev.perennial.domain.UnavailableException where one of them does not answer
   */
  public static Outcome run(
      PerennialConfig config, boolean dryRun, LongConsumer progress, BooleanSupplier stop) {
    try (Foundation on = Keyless.on(config)) {
      StartGate.check(on);
      return all(on.store, dryRun ? event -> {} : on.publisher, progress, stop);
    }
  }

  /** As they are, to wherever the publisher leads. */
  static Outcome all(
      CredentialStore store, EventPublisher to, LongConsumer progress, BooleanSupplier stop) {
    long connections = 0;
    String cursor = null;
    do {
      if (stop.getAsBoolean()) {
        return new Outcome(connections, false);
      }
      CredentialStore.Page page = store.list(cursor);
      to.publishAll(page.states().stream().map(Republish::event).toList());
      connections += page.states().size();
      progress.accept(connections);
      cursor = page.next();
    } while (cursor != null);
    return new Outcome(connections, true);
  }

  private static CredentialUpdated event(CredentialState state) {
    return new CredentialUpdated(state);
  }
}
