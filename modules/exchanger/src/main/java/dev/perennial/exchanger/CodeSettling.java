package dev.perennial.exchanger;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.authorization.CodeRecords;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.Put;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.event.Event;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How an authorization code ends: as a stored credential, or as a failure that is published first
 * and then written down. Only this run knows how it went, so each step is repeated in place.
 */
record CodeSettling(Tools tools, CodeRecords records, Event.CodeReceived event, OutcomeLog log) {
  private static final Logger LOG = LoggerFactory.getLogger(CodeSettling.class);

  private ConnectionKey key() {
    return event.key();
  }

  /** It may have been sent before the store lost its record. */
  void lost() {
    fail(
        new Reason(Reason.OUTCOME_UNKNOWN, "the store lost data after the consent; connect again"));
  }

  void keep(IssuedTokens tokens) {
    tools
        .insistence()
        .until(key(), "put", () -> put(tokens).or(() -> journal(tokens)))
        .ifPresentOrElse(
            this::stored, () -> log.success(Outcome.CONNECTED, "connected, by the grant journal"));
  }

  /** Empty where the store cannot take it now. */
  private Optional<Put> put(IssuedTokens tokens) {
    try {
      return Optional.of(
          tools.ports().store().put(key(), event.grant(), event.authorization(), tokens));
    } catch (UnavailableException e) {
      LOG.warn("{}: a consent goes to the grant journal: {}", key(), e.getMessage());
      return Optional.empty();
    }
  }

  /** From there the shard's owner stores it. */
  private Optional<Put> journal(IssuedTokens tokens) {
    tools
        .ports()
        .publisher()
        .publish(
            new Event.ConsentJournaled(
                key(),
                event.authorization(),
                event.grant(),
                tokens,
                tools.timing().wallClock().instant()));
    return Optional.empty();
  }

  private void stored(Put put) {
    switch (put) {
      case Put.Stored(CredentialState state) -> announce(state);
      case Put.Already(CredentialState state) -> announce(state);
      case Put.Superseded _ -> fail(Reason.of(Reason.SUPERSEDED));
    }
  }

  private void announce(CredentialState state) {
    tools.announcer().announce(state);
    log.success(Outcome.CONNECTED, "connected as version " + state.version());
  }

  /** Published before it is written down, so that what is written down has been published. */
  void fail(Reason reason) {
    Event failed =
        new Event.AuthorizationFailed(
            key(), event.authorization(), reason, tools.timing().wallClock().instant());
    insist("publication of a failed code", () -> tools.ports().publisher().publish(failed));
    insist("settling a failed code", () -> records.fail(key(), event.authorization(), reason));
    log.failure(Outcome.of(reason), "", reason);
  }

  private void insist(String what, Runnable step) {
    tools
        .insistence()
        .until(
            key(),
            what,
            () -> {
              step.run();
              return true;
            });
  }

  @Override
  public String toString() {
    return "settling of " + key();
  }
}
