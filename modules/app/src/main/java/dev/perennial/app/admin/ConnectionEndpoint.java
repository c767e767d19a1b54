package dev.perennial.app.admin;

import dev.perennial.app.access.Caller;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.CredentialStore;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.event.Event;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lists, shows, refreshes and deletes connections. Never opens what is sealed. */
final class ConnectionEndpoint {
  static final Set<String> LIST_PARAMETERS =
      Set.of("integration", "status", "connection", "reason", "expires_before", "cursor", "limit");
  static final Set<String> SHOW_PARAMETERS = Set.of(Known.WAIT);
  private static final int LIMIT = 100;
  private static final int MOST = 1000;

  /** Pages of the store looked at for one answer, so that a rare filter still answers. */
  private static final int PAGES = 50;

  private static final Comparator<CredentialState> BY_KEY =
      Comparator.comparing(CredentialState::key);

  private final AdminPorts ports;
  private final Waiting waiting;
  private final InstantSource clock;

  ConnectionEndpoint(AdminPorts ports, Waiting waiting, InstantSource clock) {
    this.ports = ports;
    this.waiting = waiting;
    this.clock = clock;
  }

  /**
   * Some connections, and where to go on. The store is scanned, so an answer may hold a few more
   * than the limit, or none at all and a cursor. Deleted ones are told only where asked for, and
   * those of integrations that the caller does not see never.
   */
  Answer list(Query query, Caller caller) {
    ConnectionFilter filter = ConnectionFilter.of(query, caller);
    int limit = query.number("limit", LIMIT, MOST);
    Optional<ConnectionKey> only = filter.only();
    if (only.isPresent()) {
      return listed(ports.store().find(only.get()).filter(filter::matches).stream(), null);
    }
    Map<ConnectionKey, CredentialState> found = new LinkedHashMap<>();
    String cursor = query.text("cursor").orElse(null);
    int pages = 0;
    do {
      CredentialStore.Page page = page(cursor);
      page.states().stream().filter(filter::matches).forEach(it -> found.put(it.key(), it));
      cursor = page.next();
      pages++;
    } while (cursor != null && found.size() < limit && pages < PAGES);
    return listed(found.values().stream().sorted(BY_KEY), cursor);
  }

  private Answer listed(Stream<CredentialState> states, @Nullable String cursor) {
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("connections", states.map(this::json).toList());
    answer.put("next_cursor", cursor);
    return Answer.json(200, answer);
  }

  private CredentialStore.Page page(@Nullable String cursor) {
    try {
      return ports.store().list(cursor);
    } catch (IllegalArgumentException _) {
      throw new Refusal(Problem.badRequest("Parameter cursor is not one we gave."));
    }
  }

  /** Waits for something newer than what the caller knows, for as long as it likes to. */
  Answer show(ConnectionKey key, Known known) {
    CredentialState state = find(key);
    if (known.is(state)) {
      state =
          waiting
              .until(known.patience(), () -> Optional.of(find(key)).filter(now -> !known.is(now)))
              .orElse(state);
    }
    Answer answer = known.is(state) ? Answer.empty(304) : Answer.json(200, json(state));
    return answer.with("ETag", EntityTag.quoted(state));
  }

  /** Says that a refresh is wanted; the exchanger decides whether there is one to make. */
  Answer refresh(ConnectionKey key) {
    CredentialState state = find(key);
    checkRefreshable(state);
    ports
        .events()
        .publish(
            new Event.RefreshDue(
                key, state.version(), Event.RefreshDue.Cause.REQUESTED, clock.instant()));
    return Answer.json(202, json(state));
  }

  /**
   * @throws Refusal where a refresh cannot help
   */
  void checkRefreshable(CredentialState state) {
    ConnectionKey key = state.key();
    switch (state.status()) {
      case ACTIVE, REFRESH_FAILING -> {}
      case REAUTHORIZATION_REQUIRED, EXPIRED, DELETED ->
          throw new Refusal(
              Problem.conflict(
                  key,
                  state.status(),
                  key
                      + " is "
                      + state.status().text()
                      + ". Only a new consent helps: perennial connect "
                      + key.integration()
                      + " --connection "
                      + key.connection()));
    }
    Optional<Integration> integration = ports.integrations().find(key.integration());
    if (!integration.map(Integration::refreshable).orElse(false)) {
      throw new Refusal(
          Problem.conflict(
              key,
              state.status(),
              key
                  + (integration.isEmpty()
                      ? " has no definition here, so nothing can refresh it."
                      : " is permanent: its definition has no refresh request.")));
    }
  }

  /** Forgets the tokens; a connection that is deleted already stays so. */
  Answer delete(ConnectionKey key) {
    CredentialState before = find(key);
    Optional<CredentialState> deleted =
        ports.store().delete(key, ports.authorizations().nextGrant(key).number());
    if (deleted.isPresent()) {
      CredentialState state = deleted.get();
      ports.events().publish(new Event.CredentialUpdated(state));
      ports.store().published(key, state.grant(), state.version());
      revoke(before);
    } else if (before.status() != Status.DELETED) {
      throw new Refusal(
          Problem.conflict(
              key, before.status(), key + " was connected anew meanwhile. Look, and ask again."));
    }
    return Answer.empty(204);
  }

  /** Forgotten here first: what the provider says to it changes nothing. */
  private void revoke(CredentialState forgotten) {
    Sealed sealed = forgotten.sealed();
    Optional<Integration> integration = ports.integrations().find(forgotten.key().integration());
    if (sealed != null && integration.isPresent()) {
      ports.revocation().revoke(forgotten.key(), integration.get(), sealed);
    }
  }

  CredentialState find(ConnectionKey key) {
    return ports.store().find(key).orElseThrow(() -> new Refusal(Problem.unknownConnection(key)));
  }

  Map<String, @Nullable Object> json(CredentialState state) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("integration", state.key().integration());
    json.put("connection", state.key().connection());
    json.put("status", state.status().text());
    json.put("reason", state.reason() == null ? null : state.reason().code());
    json.put("reason_detail", state.reason() == null ? null : state.reason().detail());
    json.put("version", state.version());
    json.put("token_type", state.tokenType());
    json.put("scope", state.scope());
    json.put("expires_at", text(state.expiresAt()));
    json.put("refreshed_at", text(state.issuedAt()));
    json.put("next_refresh_at", text(state.nextRefreshAt()));
    json.put("grant_ends_at", state.grantEnd() == null ? null : text(state.grantEnd().at()));
    return json;
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }
}
