package dev.perennial.app.admin;

import dev.perennial.app.access.Caller;
import dev.perennial.app.access.Callers;
import dev.perennial.app.access.Identity;
import dev.perennial.app.audit.Act;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.event.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The admin API under the console's tests, with everything under it in memory. */
public final class ConsoleAdmin implements AutoCloseable {
  public static final Instant NOW = AdminServer.NOW;
  private final AdminServer server = new AdminServer(Duration.ofSeconds(1));

  public AdminCalls calls() {
    return server.routes.calls();
  }

  public List<Event> events() {
    return server.events;
  }

  /** What the audit trail was told. */
  public List<Act> acts() {
    return server.acts;
  }

  public void set(CredentialState state) {
    server.store.set(state);
  }

  public @Nullable CredentialState get(ConnectionKey key) {
    return server.store.states.get(key);
  }

  public CredentialState state(ConnectionKey key, Status status, long tokenGen) {
    return server.state(key, status, tokenGen, NOW.plusSeconds(3600));
  }

  /** Whoever shows the text is this caller from now on. */
  public void know(String bearer, Caller caller) {
    server.callers.put(bearer, caller);
  }

  public void revoke(String bearer) {
    server.callers.remove(bearer);
  }

  public Callers callers() {
    return bearer -> {
      Caller caller = server.callers.get(bearer.reveal());
      return caller == null ? Identity.Unknown.OF_ANOTHER_KIND : caller;
    };
  }

  @Override
  public void close() {
    server.close();
  }
}
