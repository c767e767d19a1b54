package dev.perennial.app.admin;

import dev.perennial.app.config.Durations;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Secret;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.event.Event;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Hands out access tokens, refreshed first where too little of their life is left. What renews them
 * never leaves: see {@link Shareable}.
 */
final class CredentialEndpoint {
  static final String MIN_VALIDITY = "min_validity";
  static final Set<String> PARAMETERS = Set.of(MIN_VALIDITY, Known.WAIT);
  private static final Duration MOST = Duration.ofDays(1);

  private final AdminPorts ports;
  private final AdminSettings settings;
  private final ConnectionEndpoint connections;
  private final Waiting waiting;
  private final InstantSource clock;

  CredentialEndpoint(
      AdminPorts ports,
      AdminSettings settings,
      ConnectionEndpoint connections,
      Waiting waiting,
      InstantSource clock) {
    this.ports = ports;
    this.settings = settings;
    this.connections = connections;
    this.waiting = waiting;
    this.clock = clock;
  }

  /**
   * The token where it lives long enough, else the next one; where the caller knows it already, it
   * waits for the next one for as long as it likes to.
   */
  Answer show(ConnectionKey key, Query query, Known known) {
    Duration least = validity(query.text(MIN_VALIDITY));
    CredentialState state = connections.find(key);
    if (known.is(state) && isValidFor(state, least)) {
      state =
          waiting
              .until(
                  known.patience(),
                  () ->
                      Optional.of(connections.find(key))
                          .filter(now -> !known.is(now) || !isValidFor(now, least)))
              .orElse(state);
    }
    if (!isValidFor(state, least)) {
      state = refreshed(state, least);
    }
    Answer answer = known.is(state) ? Answer.empty(304) : Answer.json(200, body(state));
    return answer.with("ETag", EntityTag.quoted(state)).with("Cache-Control", "no-store");
  }

  /**
   * @throws Refusal where it is none, or too long
   */
  static Duration validity(Optional<String> text) {
    return text.map(CredentialEndpoint::validity).orElse(Duration.ZERO);
  }

  private static Duration validity(String text) {
    try {
      Duration least = Durations.parse(text);
      if (!least.isNegative() && least.compareTo(MOST) <= 0) {
        return least;
      }
    } catch (IllegalArgumentException _) {
      // told below
    }
    throw new Refusal(
        Problem.badRequest("min_validity must be a duration such as 5m, at most 1d."));
  }

  boolean isValidFor(CredentialState state, Duration least) {
    Instant end = state.expiresAt();
    return state.sealed() != null && (end == null || clock.instant().plus(least).isBefore(end));
  }

  /** Asks for a refresh and waits until there is a newer answer, for as long as is set. */
  private CredentialState refreshed(CredentialState stale, Duration least) {
    connections.checkRefreshable(stale);
    ConnectionKey key = stale.key();
    ask(stale);
    return waiting
        .until(settings.refreshWait(), () -> newer(stale, least))
        .orElseThrow(() ->
            new Refusal(
                Problem.conflict(
                    key,
                    connections.find(key).status(),
                    key
                        + " has no token that lives "
                        + least
                        + ", and none came within "
                        + settings.refreshWait()
                        + ". Look at its status and reason.")));
  }

  /** Says that a refresh is wanted. */
  void ask(CredentialState stale) {
    ports
        .events()
        .publish(
            new Event.RefreshDue(
                stale.key(), stale.version(), Event.RefreshDue.Cause.REQUESTED, clock.instant()));
  }

  private Optional<CredentialState> newer(CredentialState stale, Duration least) {
    ConnectionKey key = stale.key();
    CredentialState now = connections.find(key);
    if (isValidFor(now, least)) {
      return Optional.of(now);
    }
    connections.checkRefreshable(now);
    if (now.grant() != stale.grant() || now.tokenGen() != stale.tokenGen()) {
      throw new Refusal(
          Problem.conflict(
              key,
              now.status(),
              key + " was refreshed, and its new token does not live " + least + "."));
    }
    return Optional.empty();
  }

  /**
   * What is told of a credential.
   *
   * @throws Refusal where there is no access token
   */
  Map<String, @Nullable Object> body(CredentialState state) {
    Sealed sealed = Objects.requireNonNull(state.sealed(), "checked by isValidFor");
    TokenResponse tokens = ports.payloads().openTokens(state.key(), sealed);
    Secret accessToken =
        tokens
            .accessToken()
            .orElseThrow(() ->
                new Refusal(
                    Problem.conflict(
                        state.key(), state.status(), state.key() + " has no access token.")));
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("access_token", accessToken.reveal());
    answer.put("token_type", state.tokenType());
    answer.put("expires_at", state.expiresAt() == null ? null : state.expiresAt().toString());
    answer.put("version", state.version());
    answer.put("oauth", Shareable.of(tokens, ports.integrations().find(state.key().integration())));
    return answer;
  }
}
