package dev.perennial.app.role;

import org.jspecify.annotations.Nullable;

/**
 * What is chosen in code and never in a configuration, since it would be unsafe there.
 *
 * @param openConnect whether {@code /connect} works without a connect session
 * @param worker named to the provider simulator with each request; null = not named
 */
public record NodeOptions(boolean openConnect, @Nullable String worker) {

  /** For production. */
  public static final NodeOptions PRODUCTION = new NodeOptions(false, null);
}
