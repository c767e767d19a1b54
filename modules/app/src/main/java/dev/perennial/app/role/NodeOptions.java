package dev.perennial.app.role;

import java.net.URI;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is chosen in code and never in a configuration, since it would be unsafe there.
 *
 * @param openConnect whether {@code /connect} works without a connect session
 * @param worker named to the provider simulator with each request; null = not named
 * @param destination applied to each rendered URL, so that a definition's hosts can be led to a
 *     simulator
 */
public record NodeOptions(
    boolean openConnect, @Nullable String worker, UnaryOperator<URI> destination) {

  /** For production. */
  public static final NodeOptions PRODUCTION =
      new NodeOptions(false, null, UnaryOperator.identity());
}
