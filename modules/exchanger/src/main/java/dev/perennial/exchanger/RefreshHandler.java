package dev.perennial.exchanger;

import dev.perennial.domain.NotReadyException;
import dev.perennial.domain.credential.Begin;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.event.Event;
import dev.perennial.event.SealedPayloads;
import java.time.Duration;
import java.util.Optional;

/**
 * Watches {@code refresh-due} and writes the outcome of one refresh through the credential store,
 * in the order that the protocol fixes: begin, last checks, write, read, commit, publish, mark.
 * Events may come twice and late; nothing is spent twice for it. Blocks; meant for virtual threads.
 * Thread-safe.
 */
public final class RefreshHandler implements AutoCloseable {
  /** A provider whose places are all taken is looked at again after this, and up to thrice it. */
  private static final Duration CROWDED = Duration.ofSeconds(1);

  private final ExchangerPorts ports;
  private final ExchangerTiming timing;
  private final InFlight inFlight;
  private final Insistence insistence;
  private final Announcer announcer;
  private final RefreshAttempt.Tools tools;

  public RefreshHandler(
      ExchangerPorts ports,
      ExchangerTiming timing,
      TokenEndpoint endpoint,
      ExchangerSettings settings) {
    this.ports = ports;
    this.timing = timing;
    this.inFlight = new InFlight(settings.inFlightPerIntegration());
    this.insistence = new Insistence(timing.backoff().random());
    this.announcer = new Announcer(ports.store(), ports.publisher());
    SealedPayloads payloads = new SealedPayloads(ports.sealer());
    this.tools =
        new RefreshAttempt.Tools(
            ports,
            timing,
            endpoint,
            payloads,
            new Issuing(payloads, timing.policy()),
            new Failures(timing.backoff(), ports.sealer()),
            insistence,
            announcer);
  }

  /**
   * Handles one event, whatever becomes of it.
   *
   * @throws dev.perennial.domain.UnavailableException where the store or the topics do not answer:
   *     the event is to be handled again
   */
  public void handle(Event.RefreshDue event) {
    OutcomeLog log = OutcomeLog.ofRefresh(event, timing.nanoTime());
    try {
      handle(event, log);
    } catch (
        NotReadyException e) { // healing rebuilds the due index, and the outbox is in the store
      log.dropped(String.valueOf(e.getMessage()));
    }
  }

  private void handle(Event.RefreshDue event, OutcomeLog log) {
    Optional<Integration> integration = ports.integrations().find(event.key().integration());
    if (integration.isEmpty()) {
      log.failure("dropped, no definition of this integration is loaded here; add its file");
    } else if (!integration.get().refreshable()) {
      expire(event, log);
    } else if (!inFlight.enter(integration.get().slug())) {
      postpone(event, log);
    } else {
      try {
        refresh(event, integration.get(), log);
      } finally {
        inFlight.leave(integration.get().slug());
      }
    }
  }

  /** Nothing can renew it: the event is about its end. */
  private void expire(Event.RefreshDue event, OutcomeLog log) {
    Optional<CredentialState> expired =
        ports
            .store()
            .find(event.key())
            .filter(state -> state.version() == event.version())
            .flatMap(state -> ports.store().expire(event.key(), state.grant(), state.version()));
    expired.ifPresentOrElse(
        state -> {
          announcer.announce(state);
          log.success("expired");
        },
        () -> log.dropped("not expired, or not current"));
  }

  private void postpone(Event.RefreshDue event, OutcomeLog log) {
    Optional<CredentialState> newer =
        ports.store().find(event.key()).filter(state -> state.version() > event.version());
    if (newer.isPresent()) { // an earlier run may have died before it said so
      announcer.announce(newer.get());
      log.dropped("done before");
      return;
    }
    long jitter = timing.backoff().random().nextLong(2 * CROWDED.toMillis());
    ports.store().postpone(event.key(), event.version(), CROWDED.plusMillis(jitter));
    log.dropped("postponed, every place of this integration is taken");
  }

  private void refresh(Event.RefreshDue event, Integration integration, OutcomeLog log) {
    Deadline deadline = timing.deadline(); // before begin: the lease must outlive it
    switch (begin(event, integration, deadline)) {
      case Begin.Begun(Begin.Attempt attempt) ->
          new RefreshAttempt(tools, event.key(), integration, attempt, deadline, log).run();
      case Begin.Unpublished(CredentialState state) -> {
        announcer.announce(state);
        log.success("published version " + state.version());
      }
      case Begin.Stale _ -> log.dropped("stale");
      case Begin.Behind _ -> log.dropped("the store is behind the event");
      case Begin.NotYet notYet -> log.dropped("not before " + notYet.until());
      case Begin.Busy busy -> log.dropped("another attempt runs until " + busy.until());
      case Begin.Unknown unknown ->
          log.failure("an attempt vanished, a probe follows at " + unknown.until());
      case Begin.Missing _ -> log.failure("no such credential");
      case Begin.Deleted _ -> log.dropped("deleted");
    }
  }

  /**
   * Repeated here with the same attempt, since a begin that happened unheard would look like
   * somebody else's to a new run.
   */
  private Begin begin(Event.RefreshDue event, Integration integration, Deadline deadline) {
    String attempt = ports.attemptIds().get();
    return insistence.within(
        deadline,
        event.key(),
        "begin",
        () ->
            ports
                .store()
                .begin(
                    event.key(), event.version(), attempt, integration.lifetime().reuseWindow()));
  }

  /** Runs that wait for the store give up; what they hold is lost to them. Closes nothing else. */
  @Override
  public void close() {
    insistence.close();
  }
}
