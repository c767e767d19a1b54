package dev.perennial.app.admin;

import dev.perennial.app.access.Caller;
import dev.perennial.app.admin.Imports.Outcome;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.event.EventMessage;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Takes tokens that were got elsewhere, one connection or many. */
final class ImportEndpoint {
  static final Set<String> PARAMETERS = Set.of("mode");
  private static final int LONGEST_BODY = 1 << 20;

  /** An exported line is as long as a record of the topic, and a little more. */
  private static final int LONGEST_LINE = EventMessage.MAX_VALUE_BYTES + (64 << 10);

  private final Imports imports;
  private final ImportReader reader;
  private final ConnectionEndpoint connections;

  ImportEndpoint(AdminPorts ports, ConnectionEndpoint connections, InstantSource clock) {
    this.imports = new Imports(ports, clock);
    this.reader = new ImportReader(clock);
    this.connections = connections;
  }

  /** 201 where nothing lived there, 200 else, and where the very same was imported before. */
  Answer put(ServerRequest request) {
    ConnectionKey key = Requests.connection(request);
    List<String> match = request.headers().values(HeaderNames.IF_MATCH);
    List<String> noneMatch = request.headers().values(HeaderNames.IF_NONE_MATCH);
    Import what = reader.open(key, Requests.body(request, LONGEST_BODY));
    Predicate<Optional<CredentialState>> permitted =
        live ->
            (match.isEmpty() || live.filter(it -> EntityTag.matches(match, it)).isPresent())
                && live.filter(it -> EntityTag.matches(noneMatch, it)).isEmpty();
    return switch (imports.run(what, permitted)) {
      case Outcome.Imported(CredentialState state, boolean created) ->
          answer(created ? 201 : 200, state);
      case Outcome.Unchanged(CredentialState state) when !EntityTag.matches(noneMatch, state) ->
          answer(200, state);
      case Outcome.Unchanged _, Outcome.Barred _ -> throw new Refusal(preconditionFailed(key));
      case Outcome.Refused(Problem problem) -> throw new Refusal(problem);
    };
  }

  private Answer answer(int status, CredentialState state) {
    return Answer.json(status, connections.json(state)).with("ETag", EntityTag.quoted(state));
  }

  private static Problem preconditionFailed(ConnectionKey key) {
    return Problem.of(
            412,
            "precondition-failed",
            "Not what was expected",
            key + " is not as If-Match or If-None-Match want it; nothing was imported.")
        .about(key);
  }

  /** Each line is answered by one; what is refused stops nothing. */
  Answer lines(ServerRequest request, Query query, Caller caller) {
    Predicate<Optional<CredentialState>> permitted = permitted(query);
    InputStream in = Requests.lines(request);
    ImportRun run = new ImportRun(imports, reader, caller, permitted, in, LONGEST_LINE);
    return Answer.lines(run::answer).telling(Told.counted(run::imported));
  }

  private static Predicate<Optional<CredentialState>> permitted(Query query) {
    return switch (query.text("mode").orElse("create")) {
      case "create" -> Optional::isEmpty;
      case "replace" -> _ -> true;
      default -> throw new Refusal(Problem.badRequest("Parameter mode must be create or replace."));
    };
  }
}
