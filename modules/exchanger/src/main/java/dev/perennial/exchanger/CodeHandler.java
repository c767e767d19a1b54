package dev.perennial.exchanger;

import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.authorization.CodeRecords;
import dev.perennial.domain.authorization.CodeRecords.CodeBegin;
import dev.perennial.domain.event.Event;
import dev.perennial.event.SealedPayloads;

/**
 * Watches {@code code-received} and turns each authorization code into a credential or into a
 * published failure. A code is sent once (RFC 6749 section 4.1.2); it is sent again only where the
 * provider cannot have seen it. Blocks; meant for virtual threads. Thread-safe.
 */
public final class CodeHandler implements AutoCloseable {
  private final ExchangerPorts ports;
  private final CodeRecords records;
  private final ExchangerTiming timing;
  private final Insistence insistence;
  private final CodeExchange.Tools tools;

  public CodeHandler(
      ExchangerPorts ports, CodeRecords records, ExchangerTiming timing, TokenEndpoint endpoint) {
    this.ports = ports;
    this.records = records;
    this.timing = timing;
    this.insistence = new Insistence(timing.backoff().random());
    SealedPayloads payloads = new SealedPayloads(ports.sealer());
    this.tools =
        new CodeExchange.Tools(
            ports,
            records,
            timing,
            endpoint,
            payloads,
            new Issuing(payloads, timing.policy()),
            insistence,
            new Announcer(ports.store(), ports.publisher()));
  }

  /**
   * Handles one event, whatever becomes of it.
   *
   * @throws dev.perennial.domain.UnavailableException where the store or the topics do not answer:
   *     the event is to be handled again
   */
  public void handle(Event.CodeReceived event) {
    OutcomeLog log = OutcomeLog.ofCode(event, timing.nanoTime());
    Deadline deadline = timing.deadline(); // before begin: the lease must outlive it
    switch (begin(event, deadline)) {
      case CodeBegin.Begun begun -> new CodeExchange(tools, event, begun.at(), deadline, log).run();
      case CodeBegin.InFlight _ -> throw waiting(event);
      case CodeBegin.Connected _ -> {
        sayAgain(event);
        log.dropped("connected before");
      }
      case CodeBegin.Lost _ ->
          new CodeExchange(tools, event, timing.wallClock().instant(), deadline, log).lost();
      case CodeBegin.Failed failed -> log.dropped("failed before: " + failed.reason());
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
    return insistence.within(
        deadline, event.key(), "begin of a code", () -> records.begin(event, attempt));
  }

  /** Runs that wait for the store give up; what they hold is lost to them. Closes nothing else. */
  @Override
  public void close() {
    insistence.close();
  }
}
