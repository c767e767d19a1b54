package dev.perennial.exchanger;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealer.UnsealableException;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.credential.Begin;
import dev.perennial.domain.credential.Commit;
import dev.perennial.domain.credential.Failure;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.TokenOutcome;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.RenderingException;
import dev.perennial.domain.definition.TokenRequest;
import dev.perennial.domain.event.Event;
import dev.perennial.event.SealedPayloads;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One refresh attempt that the store has begun, to its end. Every way out of it is written down
 * before anything else happens: tokens by commit, everything else by fail.
 */
final class RefreshAttempt {
  private static final Logger LOG = LoggerFactory.getLogger(RefreshAttempt.class);

  /** What every attempt works with. */
  record Tools(
      ExchangerPorts ports,
      ExchangerTiming timing,
      TokenEndpoint endpoint,
      SealedPayloads payloads,
      Issuing issuing,
      Failures failures,
      Insistence insistence,
      Announcer announcer) {}

  private final Tools tools;
  private final ConnectionKey key;
  private final Integration integration;
  private final Begin.Attempt attempt;
  private final Deadline deadline;
  private final OutcomeLog log;
  private final StoreClock clock;

  RefreshAttempt(
      Tools tools,
      ConnectionKey key,
      Integration integration,
      Begin.Attempt attempt,
      Deadline deadline,
      OutcomeLog log) {
    this.tools = tools;
    this.key = key;
    this.integration = integration;
    this.attempt = attempt;
    this.deadline = deadline;
    this.log = log;
    this.clock = new StoreClock(attempt.at(), tools.timing.nanoTime());
  }

  void run() {
    TokenResponse earlier;
    TokenRequest request;
    try {
      earlier = tools.payloads.openTokens(key, attempt.sealed());
      request = render(earlier);
    } catch (UnsealableException e) {
      fail(new TokenOutcome.Misconfigured("no key here opens the stored tokens"));
      return;
    } catch (RenderingException e) {
      fail(new TokenOutcome.Misconfigured(String.valueOf(e.getMessage())));
      return;
    }
    Instant sentAt = clock.now();
    TokenOutcome outcome = send(request);
    if (outcome instanceof TokenOutcome.Granted(TokenResponse answer)) {
      granted(answer, answer.over(earlier), sentAt);
    } else {
      fail(outcome);
    }
  }

  private TokenRequest render(TokenResponse earlier) {
    String redirectUrl = tools.ports.redirectUrl().apply(key.integration());
    return integration.refreshRequest(FlowValues.forRefresh(redirectUrl, earlier.values()));
  }

  private TokenOutcome send(TokenRequest request) {
    Exchange exchange =
        tools.endpoint.send(request, deadline, TokenEndpoint.Connection.REUSED, this::stillCurrent);
    return AnswerReader.read(request, exchange, tools.timing.wallClock().instant());
  }

  /** A late commit may have overtaken a probe, whose token is then spent. */
  private boolean stillCurrent() {
    return !attempt.probe()
        || tools
            .ports
            .store()
            .find(key)
            .filter(state -> state.grant() == attempt.grant())
            .filter(state -> state.tokenGen() == attempt.tokenGen())
            .isPresent();
  }

  private void granted(TokenResponse answer, TokenResponse merged, Instant sentAt) {
    IssuedTokens tokens = tools.issuing.tokens(key, integration, answer, merged, sentAt);
    // These may be the only tokens that still work: they are held until they are in a safe place.
    tools
        .insistence
        .until(key, "commit", () -> commit(tokens).or(() -> journal(tokens)))
        .ifPresentOrElse(this::committed, () -> log.success("refreshed, by the grant journal"));
  }

  /** Empty where the store cannot take it now. */
  private Optional<Commit> commit(IssuedTokens tokens) {
    try {
      Commit commit = tools.ports.store().commit(key, attempt, true, tokens);
      return Optional.of(commit).filter(answer -> !(answer instanceof Commit.Missing));
    } catch (UnavailableException e) {
      LOG.warn("{}: an answer goes to the grant journal: {}", key, e.getMessage());
      return Optional.empty();
    }
  }

  /** From there the shard's owner commits it. */
  private Optional<Commit> journal(IssuedTokens tokens) {
    tools
        .ports
        .publisher()
        .publish(
            new Event.AnswerJournaled(
                key,
                attempt.id(),
                attempt.stage(),
                true,
                attempt.grant(),
                attempt.tokenGen(),
                tokens,
                tools.timing.wallClock().instant()));
    return Optional.empty();
  }

  private void committed(Commit commit) {
    switch (commit) {
      case Commit.Committed(var state) -> {
        state.ifPresent(tools.announcer::announce);
        log.success("refreshed" + state.map(s -> " as version " + s.version()).orElse(""));
      }
      case Commit.Already(var state) -> {
        tools.announcer.announce(state);
        log.success("already refreshed as version " + state.version());
      }
      case Commit.Superseded _ -> log.success("superseded by a newer consent or answer");
      case Commit.Deleted _ -> log.failure("deleted meanwhile, the new tokens are orphans");
      case Commit.Missing _ -> throw new IllegalStateException("goes to the journal");
    }
  }

  private void fail(TokenOutcome outcome) {
    Failure failure = tools.failures.of(key, attempt, outcome);
    tools
        .insistence
        .until(key, "fail", () -> tools.ports.store().fail(key, attempt, failure))
        .ifPresent(tools.announcer::announce);
    log.failure(failure.reason().toString());
  }
}
