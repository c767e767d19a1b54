package dev.perennial.domain.authorization;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One-time permissions to start a consent, made by the admin API and redeemed by {@code /connect}.
 * Thread-safe; throws {@link dev.perennial.domain.UnavailableException} where Redis does not
 * answer.
 */
public interface ConnectSessions {

  void add(Secret session, ConnectSession what, Duration valid);

  /** Redeems a session once; empty where it is unknown, used or too old. */
  Optional<ConnectSession> redeem(Secret session);

  /**
   * @param returnTo where the browser goes afterwards; null = our own page
   * @param variables values of the per-connection variables, by id; may be secret
   */
  record ConnectSession(
      ConnectionKey key, @Nullable String returnTo, Map<String, String> variables) {
    public ConnectSession {
      variables = Map.copyOf(variables);
    }

    /** Of an integration without variables of the connection's. */
    public ConnectSession(ConnectionKey key, @Nullable String returnTo) {
      this(key, returnTo, Map.of());
    }

    @Override
    public String toString() {
      return "ConnectSession[" + key + ", variables=" + variables.keySet() + "]";
    }
  }
}
