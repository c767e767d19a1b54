package dev.perennial.app.admin;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer.UnsealableException;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.Put;
import dev.perennial.domain.credential.PutCondition;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.event.Event;
import dev.perennial.exchanger.Importing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Puts imported tokens in their place, each import once: what was imported is known again by its
 * identity, however often its tokens were refreshed since, and is then left alone. Otherwise a
 * repeated import would put spent refresh tokens back. Thread-safe; two imports of one connection
 * at a time come one after the other.
 */
final class Imports {
  /** Somebody else changes the connection between a look and a put: rarely more than once. */
  private static final int TRIES = 50;

  /** Instead of the id of a consent. */
  private static final String AUTHORIZATION = "import";

  private final AdminPorts ports;
  private final InstantSource clock;

  Imports(AdminPorts ports, InstantSource clock) {
    this.ports = ports;
    this.clock = clock;
  }

  /** How an import ended. */
  sealed interface Outcome {
    /**
     * @param created nothing lived there before
     */
    record Imported(CredentialState state, boolean created) implements Outcome {}

    /** The very same was imported before, or it is where it was exported. */
    record Unchanged(CredentialState state) implements Outcome {}

    /** What stands there was not to be touched. */
    record Barred() implements Outcome {}

    /**
     * @param problem what is wrong with it
     */
    record Refused(Problem problem) implements Outcome {}
  }

  /**
   * @param permitted whether what lives there, if anything, may be replaced
   * @throws dev.perennial.domain.UnavailableException where it is not known what came of it: import
   *     it again
   */
  Outcome run(Import what, Predicate<Optional<CredentialState>> permitted) {
    ConnectionKey key = what.key();
    Optional<Integration> integration = ports.integrations().find(key.integration());
    if (integration.isEmpty()) {
      return new Outcome.Refused(Problems.unknownIntegration(key, ports.integrations()));
    }
    if (!integration.get().missingVariables().isEmpty()) {
      return new Outcome.Refused(Problems.notSetUp(key, integration.get()));
    }
    return switch (tokens(what, integration.get())) {
      case Importing.Result.Ready(IssuedTokens tokens) -> put(what, tokens, permitted);
      case Importing.Result.Refused(String why) -> refused(key, why);
    };
  }

  private Importing.Result tokens(Import what, Integration integration) {
    Instant now = clock.instant();
    return switch (what.content()) {
      case Import.Content.Open open ->
          ports.importing().tokens(what.key(), integration, open.tokens(), what.identity(), now);
      case Import.Content.Exported(_, Sealed sealed, boolean doubtful) -> {
        try {
          yield ports
              .importing()
              .tokens(what.key(), integration, sealed, doubtful, what.identity(), now);
        } catch (UnsealableException _) {
          yield new Importing.Result.Refused(
              "no key here opens it: it was sealed under another key ring or for another"
                  + " connection");
        }
      }
    };
  }

  private Outcome put(
      Import what, IssuedTokens tokens, Predicate<Optional<CredentialState>> permitted) {
    ConnectionKey key = what.key();
    for (int i = 0; i < TRIES; i++) {
      Optional<CredentialState> live =
          ports.store().find(key).filter(state -> state.status() != Status.DELETED);
      if (live.isPresent() && isThere(what, live.get())) {
        return new Outcome.Unchanged(live.get());
      }
      if (!permitted.test(live)) {
        return new Outcome.Barred();
      }
      long grant = ports.authorizations().nextGrant(key).number();
      Optional<Put> put = ports.store().put(key, grant, AUTHORIZATION, tokens, condition(live));
      if (put.isPresent() && put.get() instanceof Put.Stored(CredentialState state)) {
        announce(state);
        return new Outcome.Imported(state, live.isEmpty());
      }
    }
    return new Outcome.Refused(
        Problem.of(
                409, "not-possible", "The connection changes all the time", key + ": import again.")
            .about(key));
  }

  private boolean isThere(Import what, CredentialState live) {
    Sealed sealed = live.sealed();
    Optional<String> identity =
        sealed == null ? Optional.empty() : ports.importing().identity(what.key(), sealed);
    if (identity.filter(what.identity()::equals).isPresent()) {
      return true;
    }
    return what.content() instanceof Import.Content.Exported exported
        && (exported.origin().isReachedBy(new Origin(live.grant(), live.tokenGen()))
            || identity.flatMap(Origin::read).filter(exported.origin()::isReachedBy).isPresent());
  }

  private static PutCondition condition(Optional<CredentialState> live) {
    return live.isPresent()
        ? new PutCondition.Exactly(live.get().grant(), live.get().version())
        : new PutCondition.Absent();
  }

  private void announce(CredentialState state) {
    ports.events().publish(new Event.CredentialUpdated(state));
    ports.store().published(state.key(), state.grant(), state.version());
  }

  private static Outcome refused(ConnectionKey key, String why) {
    return new Outcome.Refused(Problem.badRequest(key + ": " + why + ".").about(key));
  }
}
