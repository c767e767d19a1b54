package dev.perennial.app.cli;

import dev.perennial.client.CredentialListener;
import dev.perennial.client.CredentialUpdate;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.event.Event.AuthorizationFailed;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** One line for each event: when, which connection, what happened, and how it stands. */
final class EventPrinter implements CredentialListener {
  private final PrintWriter out;

  EventPrinter(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void updated(CredentialUpdate update) {
    CredentialState state = update.state();
    line(
        state.changedAt(),
        state.key(),
        state.change().text(),
        "version "
            + state.version()
            + ", "
            + state.status().text()
            + (state.reason() == null ? "" : ", " + state.reason())
            + (state.expiresAt() == null ? "" : ", expires " + seconds(state.expiresAt()))
            + (state.change() == Change.EXPIRING ? warning(state) : ""));
  }

  private static String warning(CredentialState state) {
    return state.grantEnd() == null
        ? ""
        : ", connect again before " + seconds(state.grantEnd().at());
  }

  @Override
  public void authorizationFailed(AuthorizationFailed failed) {
    line(failed.at(), failed.key(), "authorization_failed", failed.reason().toString());
  }

  @Override
  public void forgotten(ConnectionKey key) {
    out.println("%-20s  %-24s  forgotten".formatted("", key));
    out.flush();
  }

  private void line(Instant at, ConnectionKey key, String what, String how) {
    out.println("%-20s  %-24s  %-24s  %s".formatted(seconds(at), key, what, how));
    out.flush();
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
