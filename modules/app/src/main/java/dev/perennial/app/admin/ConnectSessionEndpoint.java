package dev.perennial.app.admin;

import dev.perennial.app.access.Caller;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import dev.perennial.domain.authorization.ConnectSessions.ConnectSession;
import dev.perennial.domain.authorization.SessionId;
import dev.perennial.domain.authorization.SessionStatus;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.definition.Integration;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Makes consent links, each good for one consent of one connection, and tells how they went. */
final class ConnectSessionEndpoint {
  private static final Set<String> MEMBERS =
      Set.of("integration", "connection", "return_to", "scopes", "variables");
  private static final int SESSION_BYTES = 32;

  private final AdminPorts ports;
  private final AdminSettings settings;
  private final InstantSource clock;
  private final RandomGenerator random;

  ConnectSessionEndpoint(
      AdminPorts ports, AdminSettings settings, InstantSource clock, RandomGenerator random) {
    this.ports = ports;
    this.settings = settings;
    this.clock = clock;
    this.random = random;
  }

  Answer create(Map<String, @Nullable Object> request, Caller caller) {
    checkMembers(request);
    ConnectionKey key = key(request);
    Access.check(caller, key.integration());
    String returnTo = text(request, "return_to");
    checkReturn(key, returnTo);
    Map<String, String> variables = variables(request);
    List<String> scopes = scopes(request);
    checkReady(key, variables, scopes);
    Secret session = session();
    Instant now = clock.instant();
    ports
        .sessions()
        .add(
            session,
            new ConnectSession(key, returnTo, variables, scopes),
            now,
            settings.sessionValid());
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("id", SessionId.of(session).text());
    answer.put(
        "connect_url",
        settings.publicUrl() + "/connect/" + key.integration() + "?session=" + session.reveal());
    answer.put("expires_at", now.plus(settings.sessionValid()).toString());
    return Answer.json(201, answer).telling(Told.of(List.of(key)));
  }

  /** How far the session of this id has come. */
  Answer show(String id, Caller caller) {
    SessionStatus status =
        SessionId.read(id)
            .flatMap(read -> ports.sessions().status(read, clock.instant()))
            .orElseThrow(() -> new Refusal(unknownSession()));
    Access.check(caller, status.key().integration());
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("id", id);
    answer.put("integration", status.key().integration());
    answer.put("connection", status.key().connection());
    answer.put("status", status.state().text());
    if (status.authorization() != null) {
      answer.put("authorization", status.authorization());
    }
    Reason reason = status.reason();
    if (reason != null) {
      answer.put("reason", reason.code());
      answer.put("reason_detail", reason.detail());
    }
    answer.put("usable", status.usable());
    answer.put("expires_at", status.expiresAt().toString());
    return Answer.json(200, answer);
  }

  private static Problem unknownSession() {
    return Problem.of(
        404,
        "unknown-session",
        "No such connect session",
        "No session has this id, or it ended more than an hour ago. The id is the member id of the"
            + " answer to POST /v1/connect-sessions, not the session in the link.");
  }

  private static void checkMembers(Map<String, @Nullable Object> request) {
    for (String name : request.keySet()) {
      if (!MEMBERS.contains(name)) {
        throw new Refusal(
            Problem.badRequest(
                "Unknown member "
                    + Query.printable(name)
                    + "; known: "
                    + String.join(", ", MEMBERS.stream().sorted().toList())));
      }
    }
  }

  private static ConnectionKey key(Map<String, @Nullable Object> request) {
    String integration = text(request, "integration");
    if (integration == null) {
      throw new Refusal(Problem.badRequest("Member integration is missing."));
    }
    String connection = text(request, "connection");
    try {
      return new ConnectionKey(
          integration, Objects.requireNonNullElse(connection, ConnectionKey.DEFAULT));
    } catch (IllegalArgumentException e) {
      throw new Refusal(Problem.badRequest(Objects.toString(e.getMessage(), "")));
    }
  }

  private static @Nullable String text(Map<String, @Nullable Object> request, String name) {
    return switch (request.get(name)) {
      case null -> null;
      case String text -> text;
      default -> throw new Refusal(Problem.badRequest("Member " + name + " must be a string."));
    };
  }

  /** Values of the variables that each connection gives, such as the name of a shop. */
  private static Map<String, String> variables(Map<String, @Nullable Object> request) {
    Object given = request.get("variables");
    if (given == null) {
      return Map.of();
    }
    if (!(given instanceof Map<?, ?> values)) {
      throw new Refusal(Problem.badRequest("Member variables must be an object."));
    }
    Map<String, String> variables = new LinkedHashMap<>();
    values.forEach((id, value) -> {
      if (!(value instanceof String text)) {
        throw new Refusal(
            Problem.badRequest(
                "Member variables: " + Query.printable(String.valueOf(id)) + " must be a string."));
      }
      variables.put(String.valueOf(id), text);
    });
    return variables;
  }

  /** Asked for beside those of the definition. */
  private static List<String> scopes(Map<String, @Nullable Object> request) {
    Object given = request.get("scopes");
    if (given == null) {
      return List.of();
    }
    if (!(given instanceof List<?> list)) {
      throw new Refusal(Problem.badRequest("Member scopes must be a list of strings."));
    }
    List<String> scopes = new ArrayList<>();
    for (Object value : list) {
      if (!(value instanceof String scope)) {
        throw new Refusal(Problem.badRequest("Member scopes must be a list of strings."));
      }
      scopes.add(scope);
    }
    return scopes;
  }

  private void checkReady(ConnectionKey key, Map<String, String> variables, List<String> scopes) {
    Integration integration =
        ports
            .integrations()
            .find(key.integration())
            .orElseThrow(() -> new Refusal(Problems.unknownIntegration(key, ports.integrations())));
    List<String> refused = integration.refuse(variables);
    if (!refused.isEmpty()) {
      throw new Refusal(
          Problem.badRequest(key + ": variables: " + String.join("; ", refused)).about(key));
    }
    List<String> noScopes = integration.refuseScopes(scopes);
    if (!noScopes.isEmpty()) {
      throw new Refusal(
          Problem.badRequest(key + ": scopes: " + String.join("; ", noScopes)).about(key));
    }
    if (!integration.missingVariables().isEmpty()) {
      throw new Refusal(Problems.notSetUp(key, integration));
    }
  }

  private void checkReturn(ConnectionKey key, @Nullable String returnTo) {
    if (returnTo != null && !settings.returnOrigins().contains(origin(returnTo))) {
      throw new Refusal(
          Problem.badRequest(
                  "return_to must be a URL under one of connect.return-origins: "
                      + settings.returnOrigins().stream().sorted().toList())
              .about(key));
    }
  }

  /** Scheme, host and port; something that is no origin where there is no such thing. */
  private static String origin(String text) {
    try {
      URI url = new URI(text);
      return url.getRawUserInfo() == null ? url.getScheme() + "://" + url.getRawAuthority() : "";
    } catch (URISyntaxException _) {
      return "";
    }
  }

  private Secret session() {
    byte[] bytes = new byte[SESSION_BYTES];
    random.nextBytes(bytes);
    return Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }
}
