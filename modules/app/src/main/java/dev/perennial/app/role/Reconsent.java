package dev.perennial.app.role;

import dev.perennial.app.config.PerennialConfig;
import dev.perennial.domain.credential.Begin;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.CredentialStore;
import dev.perennial.domain.credential.Failure;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.definition.ReuseWindow;
import dev.perennial.domain.event.Event.CredentialUpdated;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * Asks for a new consent, without asking the provider, where a backup may hold a refresh token that
 * was spent after it was taken: whose refresh fell due between the backup and now. Sending it once
 * more would make a provider that rotates revoke the grant. By the protocol's own steps, so roles
 * may run, but no exchanger should yet.
 */
public final class Reconsent {
  private final Foundation on;
  private final Wanted wanted;
  private long looked;
  private long doubtful;
  private long held;

  private Reconsent(Foundation on, Wanted wanted) {
    this.on = on;
    this.wanted = wanted;
  }

  /**
   * What is looked for.
   *
   * @param taken when the backup was taken
   * @param integrations only of these; empty = of all
   * @param dryRun they are only counted
   */
  public record Wanted(Instant taken, Set<String> integrations, boolean dryRun) {}

  /**
   * What came of it.
   *
   * @param looked connections that were looked at
   * @param doubtful whose refresh token may be spent; they are published as {@code
   *     reauthorization_required}, reason {@code outcome_unknown}
   * @param held of those, how many could not be done yet: refreshes are held, or an attempt is open
   * @param whole whether it came to its end
   */
  public record Outcome(long looked, long doubtful, long held, boolean whole) {}

  /**
   * Goes through all connections. Running it again does no harm.
   *
   * @param progress told again and again how many were looked at
   * @param stop asked again and again
   * @throws StartProblems where Redis or the topics are not set up as they must be
   * @throws dev.perennial.domain.UnavailableException where one of them does not answer
   */
  public static Outcome run(
      PerennialConfig config, Wanted wanted, LongConsumer progress, BooleanSupplier stop) {
    try (Foundation on = Keyless.on(config)) {
      StartGate.check(on);
      return new Reconsent(on, wanted).all(progress, stop);
    }
  }

  private Outcome all(LongConsumer progress, BooleanSupplier stop) {
    String cursor = null;
    do {
      if (stop.getAsBoolean()) {
        return new Outcome(looked, doubtful, held, false);
      }
      CredentialStore.Page page = on.store.list(cursor);
      page.states().forEach(this::look);
      progress.accept(looked);
      cursor = page.next();
    } while (cursor != null);
    return new Outcome(looked, doubtful, held, true);
  }

  private void look(CredentialState state) {
    looked++;
    if (isDoubtful(state, wanted, on.clock.instant())) {
      doubtful++;
      held += wanted.dryRun() || done(state) ? 0 : 1;
    }
  }

  static boolean isDoubtful(CredentialState state, Wanted wanted, Instant now) {
    boolean lives = state.status() == Status.ACTIVE || state.status() == Status.REFRESH_FAILING;
    Instant due = state.nextRefreshAt();
    boolean ours =
        wanted.integrations().isEmpty()
            || wanted.integrations().contains(state.key().integration());
    return lives
        && ours
        && due != null
        && due.isBefore(now)
        && !state.changedAt().isAfter(wanted.taken());
  }

  /** As a refresh that was refused, with nothing sent. */
  private boolean done(CredentialState state) {
    Begin begin =
        on.store.begin(
            state.key(), state.version(), UUID.randomUUID().toString(), ReuseWindow.NONE);
    return switch (begin) {
      case Begin.Begun(Begin.Attempt attempt) -> {
        Optional<CredentialState> ended = on.store.fail(state.key(), attempt, failure());
        ended.ifPresent(this::say);
        yield ended.isPresent();
      }
      case Begin.Unpublished(CredentialState current) -> {
        say(current);
        yield false;
      }
      case Begin.Stale _, Begin.Deleted _, Begin.Missing _ -> true; // moved on meanwhile
      case Begin.Behind _, Begin.NotYet _, Begin.Busy _, Begin.Unknown _ -> false;
    };
  }

  private static Failure failure() {
    return new Failure(
        Failure.Kind.REFUSED,
        new Reason(Reason.OUTCOME_UNKNOWN, "restored from a backup; may be spent since"),
        Duration.ZERO,
        null);
  }

  private void say(CredentialState state) {
    on.publisher.publish(new CredentialUpdated(state));
    on.store.published(state.key(), state.grant(), state.version());
  }
}
