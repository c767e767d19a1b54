package dev.perennial.app.role;

import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What is chosen in code and never in a configuration, since it would be unsafe there.
 *
 * @param openConnect whether {@code /connect} works without a connect session
 * @param worker named to the provider simulator with each request; null = not named
 * @param clock the wall clock of the process
 */
public record NodeOptions(boolean openConnect, @Nullable String worker, InstantSource clock) {

  /** For production. */
  public static final NodeOptions PRODUCTION = new NodeOptions(false, null, InstantSource.system());
}
