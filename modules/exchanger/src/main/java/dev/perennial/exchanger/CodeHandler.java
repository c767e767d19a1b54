package dev.perennial.exchanger;

import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.authorization.CodeRecords;
import dev.perennial.domain.authorization.CodeRecords.CodeBegin;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.RateLimit;
import dev.perennial.domain.event.Event;
import java.time.Duration;
import java.util.Optional;

/**
 * Watches {@code code-received} and turns each authorization code into a credential or into a
 * published failure. A code is sent once (RFC 6749 section 4.1.2); it is sent again only where the
 * provider cannot have seen it. Blocks; meant for virtual threads. Thread-safe.
 */
public final class CodeHandler implements AutoCloseable {
  /** Of the rate limit, before anything is begun; at most this much at once. */
  private static final Duration STEP = Duration.ofSeconds(5);

  private final ExchangerPorts ports;
  private final CodeRecords records;
  private final ExchangerTiming timing;
  private final Tools tools;

  public CodeHandler(
      ExchangerPorts ports,
      CodeRecords records,
      ExchangerTiming timing,
      TokenEndpoint endpoint,
      Providers providers) {
    this(ports, records, timing, endpoint, providers, new Insistence(timing.backoff().random()));
  }

  /**
   * @param insistence is closed with this
   */
  CodeHandler(
      ExchangerPorts ports,
      CodeRecords records,
      ExchangerTiming timing,
      TokenEndpoint endpoint,
      Providers providers,
      Insistence insistence) {
    this.ports = ports;
    this.records = records;
    this.timing = timing;
    this.tools = Tools.of(ports, timing, endpoint, providers, insistence);
  }

  /**
   * Handles one event, whatever becomes of it.
   *
   * @throws dev.perennial.domain.UnavailableException where the store or the topics do not answer:
   *     the event is to be handled again
   */
  public void handle(Event.CodeReceived event) {
    OutcomeLog log = OutcomeLog.ofCode(event, timing.nanoTime(), ports.listener());
    Permit permit = permit(event);
    await(permit, event);
    Deadline deadline = timing.deadline(); // before begin: the lease must outlive it
    switch (begin(event, deadline)) {
      case CodeBegin.Begun begun -> {
        log.begun(begun.attempt());
        new CodeExchange(tools, records, event, begun, permit, deadline, log).run();
      }
      case CodeBegin.InFlight _ -> throw waiting(event);
      case CodeBegin.Connected _ -> {
        sayAgain(event);
        log.dropped(Outcome.DONE_BEFORE, "connected before");
      }
      case CodeBegin.Lost _ -> new CodeSettling(tools, records, event, log).lost();
      case CodeBegin.Failed failed ->
          log.dropped(Outcome.FAILED_BEFORE, "failed before: " + failed.reason());
    }
  }

  private Permit permit(Event.CodeReceived event) {
    Optional<RateLimit> limit =
        ports.integrations().find(event.key().integration()).flatMap(Integration::limit);
    return Permit.of(tools, event.key(), limit.orElse(null));
  }

  /**
   * A person waits, so it is waited here, as long as one attempt may take; after that others have
   * their turn.
   */
  private void await(Permit permit, Event.CodeReceived event) {
    Duration waited = Duration.ZERO;
    while (true) {
      Duration wait = permit.ask();
      if (wait.isZero()) {
        return;
      }
      Duration step = wait.compareTo(STEP) < 0 ? wait : STEP;
      waited = waited.plus(step);
      if (waited.compareTo(timing.times().deadline()) > 0 || !tools.insistence().pause(step)) {
        throw new UnavailableException(event.key() + ": the provider's rate limit is used up");
      }
    }
  }

  /**
   * The event is looked at again until it is known what became of the code: were it dropped and the
   * record lost after that, nobody would ever settle it.
   */
  private static UnavailableException waiting(Event.CodeReceived event) {
    return new UnavailableException(
        event.key()
            + ": consent "
            + event.authorization()
            + " is with another run, or was and its worker vanished; waiting for its end");
  }

  /** An earlier run stored the tokens and may have died before it said so. */
  private void sayAgain(Event.CodeReceived event) {
    ports.store().find(event.key()).ifPresent(tools.announcer()::announce);
  }

  /** Repeated here with the same attempt: a new run would take its own begin for another's. */
  private CodeBegin begin(Event.CodeReceived event, Deadline deadline) {
    String attempt = ports.attemptIds().get();
    return tools
        .insistence()
        .within(deadline, event.key(), "begin of a code", () -> records.begin(event, attempt));
  }

  /** Runs that wait for the store give up; what they hold is lost to them. Closes nothing else. */
  @Override
  public void close() {
    tools.insistence().close();
  }
}
