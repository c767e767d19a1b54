package dev.perennial.app.admin;

import static dev.perennial.app.access.Scope.CONNECTIONS_READ;
import static dev.perennial.app.access.Scope.CONNECTIONS_WRITE;

import dev.perennial.app.access.Caller;
import dev.perennial.app.access.Scope;
import dev.perennial.app.audit.Act;
import dev.perennial.app.audit.Action;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.credential.ConnectionSearch;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.CredentialStore.Page;
import dev.perennial.domain.definition.Integration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The admin API for callers within this process, the console: the same endpoints behind the same
 * checks of scopes and integrations. Thread-safe. Every method throws {@link
 * dev.perennial.domain.UnavailableException} where Kafka or Redis does not answer.
 */
public final class AdminCalls {
  private final AdminPorts ports;
  private final ConnectionEndpoint connections;
  private final ConnectSessionEndpoint sessions;

  AdminCalls(AdminPorts ports, ConnectionEndpoint connections, ConnectSessionEndpoint sessions) {
    this.ports = ports;
    this.connections = connections;
    this.sessions = sessions;
  }

  /**
   * How a call ended.
   *
   * @param <T> what it brings
   */
  public sealed interface Outcome<T> {}

  /** It was done. */
  public record Done<T>(T value) implements Outcome<T> {}

  /**
   * It was refused.
   *
   * @param status as the API answers, e.g. 409
   * @param code of the problem, for machines
   * @param title short
   * @param detail what happened and what to do next; never a secret
   */
  public record Refused<T>(int status, String code, String title, String detail)
      implements Outcome<T> {}

  /** Those that the caller sees and looks for. */
  public Outcome<Page> search(
      Caller caller, ConnectionSearch search, @Nullable String cursor, int wanted) {
    return checked(
        caller, CONNECTIONS_READ, Optional.empty(), () -> page(search, cursor, wanted, caller));
  }

  private Page page(ConnectionSearch search, @Nullable String cursor, int wanted, Caller caller) {
    ConnectionSearch seen =
        new ConnectionSearch(
            caller::sees,
            search.integration(),
            search.name(),
            search.status(),
            search.reason(),
            search.expiresBefore());
    try {
      return ports.store().search(seen, cursor, wanted);
    } catch (IllegalArgumentException _) {
      throw new Refusal(Problem.badRequest("Parameter cursor is not one we gave."));
    }
  }

  public Outcome<CredentialState> find(Caller caller, ConnectionKey key) {
    return checked(caller, CONNECTIONS_READ, of(key), () -> connections.find(key));
  }

  /**
   * As {@code POST …/refresh}.
   *
   * @param address of the peer, for the audit trail
   */
  public Outcome<ConnectionKey> refresh(Caller caller, String address, ConnectionKey key) {
    return changed(
        Act.by(caller, Action.CONNECTION_REFRESH, address),
        caller,
        key,
        () -> {
          connections.refresh(key);
          return key;
        });
  }

  /**
   * As {@code DELETE}.
   *
   * @param address of the peer, for the audit trail
   */
  public Outcome<ConnectionKey> delete(Caller caller, String address, ConnectionKey key) {
    return changed(
        Act.by(caller, Action.CONNECTION_DELETE, address),
        caller,
        key,
        () -> {
          connections.delete(key);
          return key;
        });
  }

  /**
   * As {@code POST /v1/connect-sessions}.
   *
   * @param address of the peer, for the audit trail
   * @param variables of the connection, by id
   * @return the members of the answer
   */
  public Outcome<Map<String, @Nullable Object>> connectLink(
      Caller caller, String address, ConnectionKey key, Map<String, String> variables) {
    Map<String, @Nullable Object> request = new LinkedHashMap<>();
    request.put("integration", key.integration());
    request.put("connection", key.connection());
    request.put("variables", variables);
    return changed(
        Act.by(caller, Action.CONNECT_SESSION_CREATE, address),
        caller,
        key,
        () -> Json.read(sessions.create(request, caller).body()));
  }

  /** Into the audit trail, however it ends. */
  private <T> Outcome<T> changed(Act act, Caller caller, ConnectionKey key, Supplier<T> call) {
    Act whole = act.on(key.toString());
    try {
      Outcome<T> outcome = checked(caller, CONNECTIONS_WRITE, of(key), call);
      ports
          .audit()
          .tell(
              switch (outcome) {
                case Done<T> _ -> whole;
                case Refused<T> it when it.status() == 403 -> whole.denied(it.code());
                case Refused<T> it -> whole.failed(it.code());
              });
      return outcome;
    } catch (UnavailableException e) {
      ports.audit().tell(whole.failed("unavailable"));
      throw e;
    }
  }

  private static Optional<String> of(ConnectionKey key) {
    return Optional.of(key.integration());
  }

  private static <T> Outcome<T> checked(
      Caller caller, Scope scope, Optional<String> integration, Supplier<T> call) {
    try {
      Access.check(caller, scope);
      integration.ifPresent(it -> Access.check(caller, it));
      return new Done<>(call.get());
    } catch (Refusal e) {
      Problem problem = e.problem();
      return new Refused<>(problem.status(), problem.code(), problem.title(), problem.detail());
    }
  }

  /** The integrations that the caller sees. */
  public List<Integration> integrations(Caller caller) {
    return ports.integrations().all().stream().filter(it -> caller.sees(it.slug())).toList();
  }
}
