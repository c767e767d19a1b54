package dev.perennial.domain.authorization;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One-time permissions to start a consent, made by the admin API. A link may be opened more than
 * once, by scanners and by people, until one consent has come back. Thread-safe; throws {@link
 * dev.perennial.domain.UnavailableException} where Redis does not answer.
 */
public interface ConnectSessions {

  /**
   * @param from now
   */
  void add(Secret session, ConnectSession what, Instant from, Duration valid);

  /** What a session permits; empty where it is unknown, used up or too old. Changes nothing. */
  Optional<ConnectSession> find(Secret session);

  /**
   * Notes that a consent has begun with this session.
   *
   * @param answerBy until when it may come back
   */
  void begun(Secret session, String authorization, Instant answerBy);

  /** Notes that a consent came back with a refusal, which uses nothing up. */
  void failed(Secret session, String authorization);

  /**
   * How far a session has come; known for an hour at least after its end. Empty where there is none
   * of this id, or that was long ago.
   */
  Optional<SessionStatus> status(SessionId id, Instant now);

  /**
   * Uses a session up for one consent: the first that asks, and that one again. A session that has
   * become too old meanwhile does not stop a consent that was begun with it.
   *
   * @param authorization id of the consent
   * @return false where another consent has used it up
   */
  boolean redeem(Secret session, String authorization);

  /**
   * @param returnTo where the browser goes afterwards; null = our own page
   * @param variables values of the per-connection variables, by id; may be secret
   * @param scopes asked for beside those of the definition (RFC 6749 section 3.3)
   */
  record ConnectSession(
      ConnectionKey key,
      @Nullable String returnTo,
      Map<String, String> variables,
      List<String> scopes) {
    public ConnectSession {
      variables = Map.copyOf(variables);
      scopes = List.copyOf(scopes);
    }

    /** With the scopes of the definition. */
    public ConnectSession(
        ConnectionKey key, @Nullable String returnTo, Map<String, String> variables) {
      this(key, returnTo, variables, List.of());
    }

    /** Of an integration without variables of the connection's. */
    public ConnectSession(ConnectionKey key, @Nullable String returnTo) {
      this(key, returnTo, Map.of());
    }

    @Override
    public String toString() {
      return "ConnectSession["
          + key
          + ", variables="
          + variables.keySet()
          + ", scopes="
          + scopes
          + "]";
    }
  }
}
