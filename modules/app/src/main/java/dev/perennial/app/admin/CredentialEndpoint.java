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
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands out access tokens, refreshed first where too little of their life is left. What renews them
 * never leaves: see {@link Shareable}.
 */
final class CredentialEndpoint {
  static final Set<String> PARAMETERS = Set.of("min_validity");
  private static final Duration MOST = Duration.ofDays(1);

  private final AdminPorts ports;
  private final AdminSettings settings;
  private final ConnectionEndpoint connections;
  private final InstantSource clock;
  private final LongSupplier nanoTime;

  CredentialEndpoint(
      AdminPorts ports,
      AdminSettings settings,
      ConnectionEndpoint connections,
      InstantSource clock,
      LongSupplier nanoTime) {
    this.ports = ports;
    this.settings = settings;
    this.connections = connections;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  Answer show(ConnectionKey key, Query query) {
    Duration least = query.text("min_validity").map(this::validity).orElse(Duration.ZERO);
    CredentialState state = connections.find(key);
    return answer(isValidFor(state, least) ? state : refreshed(state, least));
  }

  private Duration validity(String text) {
    try {
      Duration least = Durations.parse(text);
      if (!least.isNegative() && least.compareTo(MOST) <= 0) {
        return least;
      }
    } catch (IllegalArgumentException _) {
      // told below
    }
    throw new Refusal(
        Problem.badRequest("Parameter min_validity must be a duration such as 5m, at most 1d."));
  }

  private boolean isValidFor(CredentialState state, Duration least) {
    Instant end = state.expiresAt();
    return state.sealed() != null && (end == null || clock.instant().plus(least).isBefore(end));
  }

  /** Asks for a refresh and waits until there is a newer answer, for as long as is set. */
  private CredentialState refreshed(CredentialState stale, Duration least) {
    connections.checkRefreshable(stale);
    ConnectionKey key = stale.key();
    ports
        .events()
        .publish(
            new Event.RefreshDue(
                key, stale.version(), Event.RefreshDue.Cause.REQUESTED, clock.instant()));
    long start = nanoTime.getAsLong();
    while (nanoTime.getAsLong() - start < settings.refreshWait().toNanos()) {
      pause(key);
      CredentialState now = connections.find(key);
      if (isValidFor(now, least)) {
        return now;
      }
      connections.checkRefreshable(now);
      if (now.grant() != stale.grant() || now.tokenGen() != stale.tokenGen()) {
        throw new Refusal(
            Problem.conflict(
                key,
                now.status(),
                key + " was refreshed, and its new token does not live " + least + "."));
      }
    }
    throw new Refusal(
        Problem.conflict(
            key,
            connections.find(key).status(),
            key
                + " has no token that lives "
                + least
                + ", and none came within "
                + settings.refreshWait()
                + ". Look at its status and reason."));
  }

  private void pause(ConnectionKey key) {
    try {
      Thread.sleep(settings.refreshPoll());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new Refusal(
          Problem.of(503, "stopping", "This process is stopping", key + ": ask again.").about(key));
    }
  }

  private Answer answer(CredentialState state) {
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
    return Answer.json(200, answer).with("Cache-Control", "no-store");
  }
}
