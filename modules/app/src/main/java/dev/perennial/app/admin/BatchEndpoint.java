package dev.perennial.app.admin;

import dev.perennial.app.access.Caller;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealer.UnsealableException;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.credential.CredentialState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Hands out many access tokens at once. Those with too little of their life left are refreshed
 * together; one that cannot be had keeps no other back.
 */
final class BatchEndpoint {
  static final int LONGEST_BODY = 1 << 20;
  private static final Set<String> MEMBERS = Set.of("connections", CredentialEndpoint.MIN_VALIDITY);
  private static final Set<String> WANTED = Set.of("connection", "etag");
  private static final int MOST = 1000;

  private final AdminPorts ports;
  private final AdminSettings settings;
  private final ConnectionEndpoint connections;
  private final CredentialEndpoint credentials;
  private final Waiting waiting;

  BatchEndpoint(
      AdminPorts ports,
      AdminSettings settings,
      ConnectionEndpoint connections,
      CredentialEndpoint credentials,
      Waiting waiting) {
    this.ports = ports;
    this.settings = settings;
    this.connections = connections;
    this.credentials = credentials;
    this.waiting = waiting;
  }

  Answer read(Map<String, @Nullable Object> request, Caller caller) {
    checkMembers(request, MEMBERS);
    Duration least = CredentialEndpoint.validity(validity(request));
    Map<ConnectionKey, Optional<String>> wanted = wanted(request);
    List<ConnectionKey> seen =
        wanted.keySet().stream().filter(key -> caller.sees(key.integration())).toList();
    Map<ConnectionKey, CredentialState> states = fresh(ports.store().find(seen), least);
    List<Map<String, @Nullable Object>> found = new ArrayList<>();
    List<Object> unavailable = new ArrayList<>();
    List<String> unchanged = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    wanted.forEach((key, tag) -> {
      CredentialState state = states.get(key);
      if (state == null) {
        unknown.add(key.toString());
      } else if (!credentials.isValidFor(state, least)) {
        unavailable.add(unavailable(state, reason(state)));
      } else if (tag.filter(it -> EntityTag.matches(List.of(it), state)).isPresent()) {
        unchanged.add(key.toString());
      } else {
        body(state)
            .ifPresentOrElse(
                found::add, () -> unavailable.add(unavailable(state, "unreadable_here")));
      }
    });
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("credentials", found);
    answer.put("unchanged", unchanged);
    answer.put("unavailable", unavailable);
    answer.put("unknown", unknown);
    return Answer.json(200, answer).with("Cache-Control", "no-store").telling(told(found));
  }

  /** Of each whose token is handed out. */
  private static Told told(List<Map<String, @Nullable Object>> found) {
    return new Told(
        "",
        found.stream().map(one -> one.get("integration") + "/" + one.get("connection")).toList(),
        null);
  }

  /** Asks for what is stale at once, and waits for all of it together. */
  private Map<ConnectionKey, CredentialState> fresh(
      Map<ConnectionKey, CredentialState> found, Duration least) {
    Map<ConnectionKey, CredentialState> states = new LinkedHashMap<>(found);
    Map<ConnectionKey, CredentialState> stale = new LinkedHashMap<>();
    found.forEach((key, state) -> {
      if (!credentials.isValidFor(state, least) && isRefreshable(state)) {
        stale.put(key, state);
      }
    });
    if (!stale.isEmpty()) {
      ask(stale.values());
      waiting.until(
          settings.refreshWait(),
          () -> {
            Map<ConnectionKey, CredentialState> now =
                ports.store().find(List.copyOf(stale.keySet()));
            states.putAll(now);
            now.forEach((key, state) -> {
              if (isDecided(Objects.requireNonNull(stale.get(key)), state, least)) {
                stale.remove(key);
              }
            });
            stale.keySet().retainAll(now.keySet());
            return stale.isEmpty() ? Optional.of(true) : Optional.empty();
          });
    }
    return states;
  }

  private boolean isDecided(CredentialState stale, CredentialState now, Duration least) {
    return credentials.isValidFor(now, least)
        || now.grant() != stale.grant()
        || now.tokenGen() != stale.tokenGen()
        || !isRefreshable(now);
  }

  private boolean isRefreshable(CredentialState state) {
    try {
      connections.checkRefreshable(state);
      return true;
    } catch (Refusal _) {
      return false;
    }
  }

  private void ask(Collection<CredentialState> stale) {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> asked = new ArrayList<>();
      stale.forEach(state -> asked.add(executor.submit(() -> credentials.ask(state))));
      for (Future<?> one : asked) {
        one.get();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new Refusal(Problem.of(503, "stopping", "This process is stopping", "Ask again."));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnavailableException away) {
        throw away;
      }
      throw new IllegalStateException("a refresh could not be asked for", e);
    }
  }

  /** Empty where no key here opens it, or there is no access token in it. */
  private Optional<Map<String, @Nullable Object>> body(CredentialState state) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("integration", state.key().integration());
    json.put("connection", state.key().connection());
    json.put("etag", EntityTag.of(state));
    try {
      json.putAll(credentials.body(state));
    } catch (Refusal | UnsealableException _) {
      return Optional.empty();
    }
    return Optional.of(json);
  }

  private static @Nullable String reason(CredentialState state) {
    return state.reason() == null ? null : state.reason().code();
  }

  private static Map<String, @Nullable Object> unavailable(
      CredentialState state, @Nullable String reason) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("integration", state.key().integration());
    json.put("connection", state.key().connection());
    json.put("status", state.status().text());
    json.put("reason", reason);
    return json;
  }

  private static Optional<String> validity(Map<String, @Nullable Object> request) {
    return switch (request.get(CredentialEndpoint.MIN_VALIDITY)) {
      case null -> Optional.empty();
      case String text -> Optional.of(text);
      default -> throw refusal("Member min_validity must be a string such as 5m.");
    };
  }

  /** In the order asked for, each once, with the tag that the caller has. */
  private static Map<ConnectionKey, Optional<String>> wanted(
      Map<String, @Nullable Object> request) {
    if (!(request.get("connections") instanceof List<?> list)
        || list.isEmpty()
        || list.size() > MOST) {
      throw refusal("Member connections must be an array of 1 to " + MOST + " connections.");
    }
    Map<ConnectionKey, Optional<String>> wanted = new LinkedHashMap<>();
    for (Object one : list) {
      switch (one) {
        case String key -> wanted.putIfAbsent(key(key), Optional.empty());
        case Map<?, ?> object -> add(wanted, object);
        case null, default ->
            throw refusal("Each of connections is a string, or an object with connection, etag.");
      }
    }
    return wanted;
  }

  private static void add(Map<ConnectionKey, Optional<String>> wanted, Map<?, ?> object) {
    checkMembers(object, WANTED);
    Object tag = object.get("etag");
    if (!(object.get("connection") instanceof String key)
        || !(tag == null || tag instanceof String)) {
      throw refusal("Members connection and etag must be strings.");
    }
    wanted.putIfAbsent(key(key), Optional.ofNullable((String) tag));
  }

  private static ConnectionKey key(String text) {
    try {
      return ConnectionKey.parse(text);
    } catch (IllegalArgumentException e) {
      throw refusal(Objects.toString(e.getMessage(), ""));
    }
  }

  private static void checkMembers(Map<?, ?> members, Set<String> known) {
    for (Object name : members.keySet()) {
      if (!known.contains(String.valueOf(name))) {
        throw refusal(
            "Unknown member "
                + Query.printable(String.valueOf(name))
                + "; known: "
                + String.join(", ", known.stream().sorted().toList()));
      }
    }
  }

  private static Refusal refusal(String detail) {
    return new Refusal(Problem.badRequest(detail));
  }
}
