package dev.perennial.app.dev;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What may be chosen about a demo.
 *
 * @param tokenLife of every access token, whole seconds
 * @param restart null = all roles in one process; else each role as processes of its own, one of
 *     which is restarted this often
 * @param kill whether a restart is a kill -9 instead of a SIGTERM. Only the providers that pardon a
 *     replay are connected then: at the strict one a kill may cost the grant, whoever asks
 */
record DemoSettings(Duration tokenLife, @Nullable Duration restart, boolean kill) {

  /** Tokens of twelve seconds, so that there is something to see at once. */
  static final Duration SHORT = Duration.ofSeconds(12);

  /** By when a connection was refreshed once, with a second for a slow start. */
  Duration oneRefresh() {
    return tokenLife.plusSeconds(1);
  }
}
