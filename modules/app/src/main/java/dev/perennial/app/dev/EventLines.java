package dev.perennial.app.dev;

import dev.perennial.client.CredentialListener;
import dev.perennial.client.CredentialUpdate;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.event.Event.AuthorizationFailed;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One line for each event, counted as it is said. */
final class EventLines implements CredentialListener {
  private static final String DECLINED = "declined";

  private final PrintWriter out;
  private final InstantSource clock;
  private final DemoCounts counts;
  private final Instant begin;

  EventLines(PrintWriter out, InstantSource clock, DemoCounts counts) {
    this.out = out;
    this.clock = clock;
    this.counts = counts;
    this.begin = clock.instant();
  }

  @Override
  public void updated(CredentialUpdate update) {
    CredentialState state = update.state();
    line(
        state.key().toString(),
        state.change().text(),
        "version " + state.version() + ", " + end(state));
    counts.updated(state);
  }

  @Override
  public void authorizationFailed(AuthorizationFailed failed) {
    line(failed.key().toString(), "consent failed", failed.reason().toString());
    if (!failed.reason().code().equals(DECLINED)) { // the user's good right
      counts.consentFailed();
    }
  }

  private String end(CredentialState state) {
    return state.change() == Change.EXPIRING && state.grantEnd() != null
        ? "connect again within " + secondsUntil(state.grantEnd().at()) + " s"
        : expiry(state.expiresAt());
  }

  private String expiry(@Nullable Instant end) {
    if (end == null) {
      return "permanent";
    }
    return "expires in " + secondsUntil(end) + " s";
  }

  private long secondsUntil(Instant end) {
    return Math.round(Duration.between(clock.instant(), end).toMillis() / 1000.0);
  }

  private void line(String connection, String change, String rest) {
    double seconds = Duration.between(begin, clock.instant()).toMillis() / 1000.0;
    out.println(
        String.format(Locale.ROOT, "  %6.1f s  %-16s %-24s %s", seconds, connection, change, rest));
    out.flush();
  }
}
