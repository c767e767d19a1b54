package dev.perennial.app.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.perennial.app.access.Caller;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.CredentialStore;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Hands out credentials as they are sealed, page by page of the store: whoever has no key ring can
 * do nothing with them. Never opens one.
 */
final class ExportEndpoint {
  static final Set<String> PARAMETERS = Set.of("integration", "status");

  private final AdminPorts ports;

  ExportEndpoint(AdminPorts ports) {
    this.ports = ports;
  }

  /** A connection that changes meanwhile may come twice; deleted ones only where asked for. */
  Answer export(Query query, Caller caller) {
    ConnectionFilter filter = ConnectionFilter.of(query, caller);
    CredentialStore.Page first = ports.store().list(null);
    return Answer.lines(out -> write(first, filter, out));
  }

  private void write(CredentialStore.Page first, ConnectionFilter filter, OutputStream out)
      throws IOException {
    CredentialStore.Page page = first;
    write(page, out, filter);
    while (page.next() != null) {
      page = ports.store().list(page.next());
      write(page, out, filter);
    }
  }

  private static void write(CredentialStore.Page page, OutputStream out, ConnectionFilter filter)
      throws IOException {
    for (CredentialState state : page.states()) {
      if (filter.matches(state)) {
        out.write(Json.write(json(state)));
        out.write("\n".getBytes(UTF_8));
      }
    }
    out.flush();
  }

  private static Map<String, @Nullable Object> json(CredentialState state) {
    Sealed sealed = state.sealed();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("integration", state.key().integration());
    json.put("connection", state.key().connection());
    json.put("grant", state.grant());
    json.put("token_gen", state.tokenGen());
    json.put("version", state.version());
    json.put("status", state.status().text());
    json.put("issued_at", text(state.issuedAt()));
    json.put("expires_at", text(state.expiresAt()));
    json.put("token_type", state.tokenType());
    json.put("scope", state.scope());
    json.put("sealed", sealed == null ? null : Base64.getEncoder().encodeToString(sealed.bytes()));
    return json;
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }
}
