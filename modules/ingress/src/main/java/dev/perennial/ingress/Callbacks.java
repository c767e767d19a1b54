package dev.perennial.ingress;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.authorization.AuthorizationCode;
import dev.perennial.domain.authorization.PendingAuthorization;
import dev.perennial.domain.authorization.PendingAuthorizations.Hold;
import dev.perennial.domain.authorization.Preparation;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.event.Event;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a callback into one event, once. Thread-safe. Its invariants:
 *
 * <ul>
 *   <li>An event is said only while its state is held, and a state is spent only after the event is
 *       on the topic.
 *   <li>Whatever goes wrong before that leaves the state good: it is released, or its hold ends.
 *   <li>What goes wrong after that is not the browser's concern: a second event of the same consent
 *       does no harm, since the exchanger begins a code once.
 * </ul>
 */
final class Callbacks {
  private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);

  private static final Set<String> OURS =
      Set.of("error", "error_description", "error_uri", "iss", Relay.MARK);

  private final IngressPorts ports;
  private final IngressSettings settings;
  private final InstantSource clock;
  private final RandomText random;
  private final NewGrants grants;

  Callbacks(IngressPorts ports, IngressSettings settings, InstantSource clock, RandomText random) {
    this.ports = ports;
    this.settings = settings;
    this.clock = clock;
    this.random = random;
    this.grants = new NewGrants(ports, clock);
  }

  /**
   * @param browser the binding that the browser sent
   * @throws UnavailableException where Redis or Kafka does not answer; the state stays good
   */
  CallbackResult receive(
      Integration integration, Received.Parameters parameters, Optional<Secret> browser) {
    Optional<String> name = integration.stateParameter();
    for (String once : List.of(name.orElse("error"), integration.codeParameter(), "error", "iss")) {
      if (parameters.repeats(once)) {
        return new CallbackResult.RepeatedParameter(once);
      }
    }
    if (name.isEmpty()) {
      return browser.isEmpty()
          ? new CallbackResult.UnknownState()
          : hold(integration, CookieState.of(integration, browser.get()), parameters, browser);
    }
    String state = parameters.first(name.get());
    if (state == null) {
      return new CallbackResult.MissingState();
    }
    return RandomText.looksLikeSecret(state)
        ? hold(integration, Secret.of(state), parameters, browser)
        : new CallbackResult.UnknownState();
  }

  private CallbackResult hold(
      Integration integration,
      Secret state,
      Received.Parameters parameters,
      Optional<Secret> browser) {
    String holder = random.id();
    return switch (ports.pending().hold(state, holder, settings.hold())) {
      case Hold.Unknown() -> new CallbackResult.UnknownState();
      case Hold.Busy() -> new CallbackResult.Busy();
      case Hold.Expired(ConnectionKey key) ->
          isOf(integration, key)
              ? new CallbackResult.ExpiredState(key)
              : new CallbackResult.WrongIntegration();
      case Hold.Spent(ConnectionKey key, String id) ->
          isOf(integration, key)
              ? new CallbackResult.ReplayedState(key, id)
              : new CallbackResult.WrongIntegration();
      case Hold.Held(PendingAuthorization pending) ->
          held(integration, new HeldState(state, holder, pending), parameters, browser);
    };
  }

  private record HeldState(Secret state, String holder, PendingAuthorization pending) {}

  private CallbackResult held(
      Integration integration,
      HeldState held,
      Received.Parameters parameters,
      Optional<Secret> browser) {
    CallbackResult result;
    try {
      result = settle(integration, held.pending(), parameters, browser);
    } catch (RuntimeException e) {
      release(held);
      throw e;
    }
    switch (result) {
      case CallbackResult.Settled _ -> spend(held);
      case CallbackResult.Untouched _ -> release(held);
    }
    return result;
  }

  private CallbackResult settle(
      Integration integration,
      PendingAuthorization pending,
      Received.Parameters parameters,
      Optional<Secret> browser) {
    if (!isOf(integration, pending.key())) {
      return new CallbackResult.WrongIntegration();
    }
    if (!browser.equals(Optional.of(pending.browser()))) {
      return new CallbackResult.WrongBrowser(pending.key());
    }
    if (!isFrom(pending.preparation(), parameters.first("iss"))) {
      return new CallbackResult.WrongIssuer(pending.key());
    }
    String error = parameters.first("error");
    if (error != null) {
      return denied(pending, error, parameters.first("error_description"));
    }
    Secret session = pending.session();
    if (session != null && !ports.sessions().redeem(session, pending.id())) {
      return new CallbackResult.UsedLink(pending.key());
    }
    String code = parameters.first(integration.codeParameter());
    return code == null && !integration.withoutCode()
        ? missingCode(pending)
        : accepted(integration, pending, code, parameters);
  }

  private CallbackResult accepted(
      Integration integration,
      PendingAuthorization pending,
      @Nullable String code,
      Received.Parameters parameters) {
    ConnectionKey key = pending.key();
    AuthorizationCode brought =
        new AuthorizationCode(
            integration.withoutCode() || code == null ? null : Secret.of(code),
            pending.codeVerifier(),
            integration.storesRedirectParameters() ? kept(integration, parameters) : Map.of(),
            pending.preparation());
    grants.publish(key, pending.id(), brought);
    LOG.info("{}: consent {} was given, its code is on its way", key, pending.id());
    return new CallbackResult.Accepted(key, pending.id(), asker(pending));
  }

  private CallbackResult denied(
      PendingAuthorization pending, String error, @Nullable String description) {
    Reason reason = ProviderError.reason(error);
    fail(pending, reason);
    return new CallbackResult.Denied(
        pending.key(), reason, ProviderError.said(description), asker(pending));
  }

  private CallbackResult missingCode(PendingAuthorization pending) {
    fail(pending, Reason.of(ProviderError.MISSING_CODE));
    return new CallbackResult.MissingCode(pending.key(), asker(pending));
  }

  private Asker asker(PendingAuthorization pending) {
    Asker asker = Asker.of(pending.returnTo(), pending.opener(), settings);
    if (pending.returnTo() != null && asker.returnTo().isEmpty()) {
      LOG.warn(
          "{}: the browser stays on our page: the origin of its return address is not listed; list"
              + " it, or make connect sessions without it",
          pending.key());
    }
    return asker;
  }

  private void fail(PendingAuthorization pending, Reason reason) {
    ConnectionKey key = pending.key();
    ports
        .publisher()
        .publish(new Event.AuthorizationFailed(key, pending.id(), reason, clock.instant()));
    ports.codes().fail(key, pending.id(), reason);
    Secret session = pending.session();
    if (session != null) {
      ports.sessions().failed(session, pending.id());
    }
    LOG.info("{}: consent {} failed: {}", key, pending.id(), reason);
  }

  /** RFC 9207 section 2.4: an answer of another authorization server is a mix-up. */
  private static boolean isFrom(Preparation preparation, @Nullable String issuer) {
    String known = preparation.issuer();
    return known == null || (issuer == null ? !preparation.issuerStated() : known.equals(issuer));
  }

  private static Map<String, String> kept(Integration integration, Received.Parameters parameters) {
    Set<String> spent = new HashSet<>(OURS);
    spent.add(integration.codeParameter());
    spent.add(integration.stateParameter().orElse("state"));
    Map<String, String> kept = new LinkedHashMap<>();
    parameters
        .values()
        .forEach((name, values) -> {
          if (!spent.contains(name)) {
            kept.put(name, values.getFirst());
          }
        });
    return kept;
  }

  private void spend(HeldState held) {
    try {
      ports.pending().spend(held.state(), held.holder());
    } catch (UnavailableException e) {
      LOG.warn(
          "{}: the state of consent {} could not be marked as used; its hold ends by itself",
          held.pending().key(),
          held.pending().id(),
          e);
    }
  }

  private void release(HeldState held) {
    try {
      ports.pending().release(held.state(), held.holder());
    } catch (UnavailableException e) {
      LOG.warn(
          "{}: the state of consent {} could not be released; its hold ends by itself",
          held.pending().key(),
          held.pending().id(),
          e);
    }
  }

  private static boolean isOf(Integration integration, ConnectionKey key) {
    return key.integration().equals(integration.slug());
  }
}
