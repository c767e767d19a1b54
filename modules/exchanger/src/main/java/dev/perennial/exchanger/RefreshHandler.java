package dev.perennial.exchanger;

import dev.perennial.domain.NotReadyException;
import dev.perennial.domain.credential.Begin;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.event.Event;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Watches {@code refresh-due} and writes the outcome of one refresh through the credential store,
 * in the order that the protocol fixes: begin, last checks, write, read, commit, publish, mark.
 * Events may come twice and late; nothing is spent twice for it. Blocks; meant for virtual threads.
 * Thread-safe.
 */
public final class RefreshHandler implements AutoCloseable {
  private final ExchangerPorts ports;
  private final ExchangerTiming timing;
  private final Providers providers;
  private final InFlight inFlight;
  private final Crowd crowd;
  private final Tools tools;

  public RefreshHandler(
      ExchangerPorts ports,
      ExchangerTiming timing,
      TokenEndpoint endpoint,
      Providers providers,
      ExchangerSettings settings) {
    this.ports = ports;
    this.timing = timing;
    this.providers = providers;
    this.inFlight = new InFlight(settings.inFlightPerIntegration());
    this.crowd = new Crowd(timing.backoff().random());
    this.tools =
        Tools.of(ports, timing, endpoint, providers, new Insistence(timing.backoff().random()));
  }

  /**
   * Handles one event, whatever becomes of it.
   *
   * @throws dev.perennial.domain.UnavailableException where the store or the topics do not answer:
   *     the event is to be handled again
   */
  public void handle(Event.RefreshDue event) {
    OutcomeLog log = OutcomeLog.ofRefresh(event, timing.nanoTime(), ports.listener());
    try {
      handle(event, log);
    } catch (
        NotReadyException e) { // healing rebuilds the due index, and the outbox is in the store
      log.dropped(Outcome.NOT_READY, String.valueOf(e.getMessage()));
    }
  }

  private void handle(Event.RefreshDue event, OutcomeLog log) {
    Optional<Integration> integration = ports.integrations().find(event.key().integration());
    if (integration.isEmpty()) {
      log.failure(
          Outcome.NO_DEFINITION,
          "dropped, no definition of this integration is loaded here; add its file");
    } else if (!integration.get().refreshable()) {
      expire(event, log);
    } else if (!inFlight.enter(integration.get().slug())) {
      postpone(event, crowd.away(event.key()), Outcome.POSTPONED_PLACES, log);
    } else {
      try {
        visit(event, integration.get(), log);
      } finally {
        inFlight.leave(integration.get().slug());
      }
    }
  }

  private void visit(Event.RefreshDue event, Integration integration, OutcomeLog log) {
    Health health = providers.health(integration.slug());
    Optional<Health.Visit> let = health.enter();
    if (let.isEmpty()) {
      Duration away = health.left().plus(crowd.away(event.key()));
      postpone(event, away, Outcome.POSTPONED_BREAKER, log);
      return;
    }
    try (Health.Visit visit = let.get()) {
      Permit permit = Permit.of(tools, event.key(), integration.limit().orElse(null));
      Duration wait = permit.ask();
      if (wait.isZero()) {
        crowd.in(event.key());
        refresh(event, integration, permit, visit, log);
      } else {
        postpone(event, wait.plus(crowd.away(event.key())), Outcome.POSTPONED_RATE_LIMIT, log);
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
          tools.announcer().announce(state);
          log.success(Outcome.EXPIRED, "expired");
        },
        () -> log.dropped(Outcome.NOT_EXPIRED, "not expired, or not current"));
  }

  /** Without an attempt: nothing was begun, and nothing counts as failed. */
  private void postpone(Event.RefreshDue event, Duration delay, Outcome why, OutcomeLog log) {
    Optional<CredentialState> newer =
        ports
            .store()
            .find(event.key())
            .filter(state -> state.version() > event.version())
            .filter(state -> !state.change().isOnlyTold()); // which changes nothing here
    if (newer.isPresent()) { // an earlier run may have died before it said so
      tools.announcer().announce(newer.get());
      log.dropped(Outcome.DONE_BEFORE, "done before");
      return;
    }
    ports.store().postpone(event.key(), event.version(), delay);
    log.dropped(why, "postponed, " + words(why));
  }

  private static String words(Outcome postponed) {
    return switch (postponed) {
      case POSTPONED_PLACES -> "every place of this integration is taken";
      case POSTPONED_BREAKER -> "the provider does not answer";
      default -> "the rate limit is used up";
    };
  }

  private void refresh(
      Event.RefreshDue event,
      Integration integration,
      Permit permit,
      Health.Visit visit,
      OutcomeLog log) {
    Deadline deadline = timing.deadline(); // before begin: the lease must outlive it
    switch (begin(event, integration, deadline)) {
      case Begin.Begun(Begin.Attempt attempt) -> {
        log.begun(attempt.id());
        new RefreshAttempt(tools, event.key(), integration, attempt, deadline, permit, visit, log)
            .run();
      }
      case Begin.Unpublished(CredentialState state) -> {
        tools.announcer().announce(state);
        log.success(Outcome.PUBLISHED, "published version " + state.version());
      }
      case Begin.Stale _ -> log.dropped(Outcome.STALE, "stale");
      case Begin.Behind _ -> log.dropped(Outcome.BEHIND, "the store is behind the event");
      case Begin.NotYet notYet -> log.dropped(Outcome.NOT_YET, "not before " + notYet.until());
      case Begin.Busy busy ->
          log.dropped(Outcome.BUSY, "another attempt runs until " + busy.until());
      case Begin.Unknown unknown ->
          log.failure(
              Outcome.UNKNOWN, "an attempt vanished, a probe follows at " + unknown.until());
      case Begin.Missing _ -> log.failure(Outcome.MISSING, "no such credential");
      case Begin.Deleted _ -> log.dropped(Outcome.DELETED, "deleted");
    }
  }

  /**
   * Repeated here with the same attempt, since a begin that happened unheard would look like
   * somebody else's to a new run.
   */
  private Begin begin(Event.RefreshDue event, Integration integration, Deadline deadline) {
    String attempt = ports.attemptIds().get();
    return tools
        .insistence()
        .within(
            deadline,
            event.key(),
            "begin",
            () ->
                ports
                    .store()
                    .begin(
                        event.key(),
                        event.version(),
                        attempt,
                        integration.lifetime().reuseWindow()));
  }

  /** How many refreshes run now, of each integration that has some. */
  public Map<String, Integer> inFlight() {
    return inFlight.counts();
  }

  /** Runs that wait for the store give up; what they hold is lost to them. Closes nothing else. */
  @Override
  public void close() {
    tools.insistence().close();
  }
}
