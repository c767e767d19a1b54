package dev.perennial.exchanger;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealer.UnsealableException;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.authorization.AuthorizationCode;
import dev.perennial.domain.authorization.CodeRecords;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.Put;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.TokenOutcome;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.RenderingException;
import dev.perennial.domain.definition.TokenRequest;
import dev.perennial.domain.event.Event;
import dev.perennial.event.SealedPayloads;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one attempt there is for an authorization code, to its end: a stored credential, or a failure
 * that is published first and then written down. Only this run knows how it went, so the steps that
 * settle the code are repeated in place.
 */
final class CodeExchange {
  private static final Logger LOG = LoggerFactory.getLogger(CodeExchange.class);

  /** A request that was not written may be tried again; a person is waiting. */
  private static final int TRIES = 4;

  private static final Duration BETWEEN = Duration.ofMillis(250);

  /** What every exchange works with. */
  record Tools(
      ExchangerPorts ports,
      CodeRecords records,
      ExchangerTiming timing,
      TokenEndpoint endpoint,
      SealedPayloads payloads,
      Issuing issuing,
      Insistence insistence,
      Announcer announcer) {}

  private final Tools tools;
  private final Event.CodeReceived event;
  private final ConnectionKey key;
  private final Deadline deadline;
  private final OutcomeLog log;
  private final StoreClock clock;
  private Instant sentAt;

  CodeExchange(
      Tools tools, Event.CodeReceived event, Instant begunAt, Deadline deadline, OutcomeLog log) {
    this.tools = tools;
    this.event = event;
    this.key = event.key();
    this.deadline = deadline;
    this.log = log;
    this.clock = new StoreClock(begunAt, tools.timing.nanoTime());
    this.sentAt = begunAt;
  }

  void run() {
    Optional<Integration> integration = tools.ports.integrations().find(key.integration());
    if (integration.isEmpty()) {
      fail(misconfigured("no definition of " + key.integration() + " is loaded here"));
      return;
    }
    AuthorizationCode code;
    TokenRequest request;
    try {
      code = tools.payloads.openCode(key, event.sealed());
      request = render(integration.get(), code);
    } catch (UnsealableException e) {
      fail(misconfigured("no key here opens the authorization code"));
      return;
    } catch (RenderingException e) {
      fail(misconfigured(String.valueOf(e.getMessage())));
      return;
    }
    TokenOutcome outcome =
        AnswerReader.read(request, send(request), tools.timing.wallClock().instant());
    if (outcome instanceof TokenOutcome.Granted(TokenResponse answer)) {
      granted(integration.get(), answer, code);
    } else {
      fail(Failures.ofCode(outcome));
    }
  }

  /** It may have been sent before the store lost its record. */
  void lost() {
    fail(
        new Reason(Reason.OUTCOME_UNKNOWN, "the store lost data after the consent; connect again"));
  }

  private static Reason misconfigured(String detail) {
    return new Reason(Reason.MISCONFIGURED, detail);
  }

  private TokenRequest render(Integration integration, AuthorizationCode code) {
    String redirectUrl = tools.ports.redirectUrl().apply(key.integration());
    return integration.tokenRequest(
        FlowValues.forCode(redirectUrl, code.code(), code.codeVerifier(), redirected(code)));
  }

  /** The callback's parameters, in the place where templates and pipelines read them. */
  private static Map<String, Object> redirected(AuthorizationCode code) {
    return code.redirectParameters().isEmpty()
        ? Map.of()
        : Map.of(TokenResponse.REDIRECT_PARAMETERS, code.redirectParameters());
  }

  private Exchange send(TokenRequest request) {
    for (int tried = 1; ; tried++) {
      sentAt = clock.now();
      Exchange exchange =
          tools.endpoint.send(request, deadline, TokenEndpoint.Connection.FRESH, () -> true);
      if (!(exchange instanceof Exchange.NotSent) || tried == TRIES || !pause(tried)) {
        return exchange;
      }
    }
  }

  private boolean pause(int tried) {
    Duration wait = BETWEEN.multipliedBy(tried);
    return deadline.remaining().compareTo(wait) > 0 && tools.insistence.pause(wait);
  }

  private void granted(Integration integration, TokenResponse answer, AuthorizationCode code) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>(answer.values());
    values.putAll(redirected(code));
    IssuedTokens tokens =
        tools.issuing.tokens(key, integration, answer, new TokenResponse(values), sentAt);
    tools
        .insistence
        .until(key, "put", () -> put(tokens).or(() -> journal(tokens)))
        .ifPresentOrElse(this::stored, () -> log.success("connected, by the grant journal"));
  }

  /** Empty where the store cannot take it now. */
  private Optional<Put> put(IssuedTokens tokens) {
    try {
      return Optional.of(
          tools.ports.store().put(key, event.grant(), event.authorization(), tokens));
    } catch (UnavailableException e) {
      LOG.warn("{}: a consent goes to the grant journal: {}", key, e.getMessage());
      return Optional.empty();
    }
  }

  /** From there the shard's owner stores it. */
  private Optional<Put> journal(IssuedTokens tokens) {
    tools
        .ports
        .publisher()
        .publish(
            new Event.ConsentJournaled(
                key,
                event.authorization(),
                event.grant(),
                tokens,
                tools.timing.wallClock().instant()));
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
    tools.announcer.announce(state);
    log.success("connected as version " + state.version());
  }

  /** Published before it is written down, so that what is written down has been published. */
  private void fail(Reason reason) {
    Event failed =
        new Event.AuthorizationFailed(
            key, event.authorization(), reason, tools.timing.wallClock().instant());
    insist("publication of a failed code", () -> tools.ports.publisher().publish(failed));
    insist("settling a failed code", () -> tools.records.fail(key, event.authorization(), reason));
    log.failure(reason.toString());
  }

  private void insist(String what, Runnable step) {
    tools.insistence.until(
        key,
        what,
        () -> {
          step.run();
          return true;
        });
  }
}
