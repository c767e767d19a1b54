package dev.perennial.exchanger;

import dev.perennial.event.SealedPayloads;

/** What every run of a handler works with. */
record Tools(
    ExchangerPorts ports,
    ExchangerTiming timing,
    TokenEndpoint endpoint,
    Providers providers,
    SealedPayloads payloads,
    Issuing issuing,
    Failures failures,
    Insistence insistence,
    Announcer announcer) {

  /** Made for one handler, which closes its insistence. */
  static Tools of(
      ExchangerPorts ports,
      ExchangerTiming timing,
      TokenEndpoint endpoint,
      Providers providers,
      Insistence insistence) {
    SealedPayloads payloads = new SealedPayloads(ports.sealer());
    return new Tools(
        ports,
        timing,
        endpoint,
        providers,
        payloads,
        new Issuing(payloads, timing.policy()),
        new Failures(timing.backoff(), ports.sealer()),
        insistence,
        new Announcer(ports.store(), ports.publisher()));
  }
}
