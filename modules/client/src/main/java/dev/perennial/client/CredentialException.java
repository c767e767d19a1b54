package dev.perennial.client;

import dev.perennial.domain.ConnectionKey;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * There is no token to give. The message names the connection, how it stands and what to do next,
 * and holds no secret; {@link #kind()} is for programs.
 */
public final class CredentialException extends RuntimeException {

  /** Why there is none. */
  public enum Kind {
    /** No such connection: it was never made, or its last trace is gone. */
    UNKNOWN_CONNECTION,
    /** Only a new consent helps. */
    REAUTHORIZATION_REQUIRED,
    /** The token is past its end. Without a refresh that can be made it stays so. */
    EXPIRED,
    /** The connection was deleted. */
    DELETED,
    /** The token is there and sealed, and this process has neither a key ring nor the admin API. */
    NO_KEY_RING,
    /** The view has not caught up with the topic yet, or was closed. */
    NOT_READY,
    /** The key ring does not open it, or there is no access token in it. */
    UNREADABLE,
    /** None that lives long enough came in time. */
    NOT_FRESH,
    /** The admin API does not answer, or not in time. */
    UNAVAILABLE,
    /** The admin API does not accept the key, or the key not this. */
    NOT_ALLOWED
  }

  private final Kind kind;
  private final @Nullable ConnectionKey connection;

  CredentialException(Kind kind, @Nullable ConnectionKey connection, String message) {
    super(message);
    this.kind = kind;
    this.connection = connection;
  }

  CredentialException(
      Kind kind, @Nullable ConnectionKey connection, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.connection = connection;
  }

  public Kind kind() {
    return kind;
  }

  /**
   * The connection that was asked for.
   *
   * @throws NullPointerException where it was none in particular, which only the messages of {@code
   *     UNAVAILABLE} and {@code NOT_ALLOWED} in a log can be
   */
  public ConnectionKey connection() {
    return Objects.requireNonNull(connection, "about no connection in particular");
  }

  static CredentialException unknown(ConnectionKey key) {
    return new CredentialException(
        Kind.UNKNOWN_CONNECTION,
        key,
        key + " is not known. Connect it first: perennial connect " + key.integration());
  }

  static CredentialException reauthorize(ConnectionKey key, @Nullable String reason) {
    return new CredentialException(
        Kind.REAUTHORIZATION_REQUIRED,
        key,
        key
            + " needs a new consent ("
            + (reason == null ? "reauthorization_required" : reason)
            + "). Let the user connect it again: perennial connect "
            + key.integration()
            + " --connection "
            + key.connection());
  }

  static CredentialException expired(ConnectionKey key, String since) {
    return new CredentialException(
        Kind.EXPIRED,
        key,
        key
            + " has a token that ended "
            + since
            + ", and no newer one is known here. Wait with awaitFresh; if none comes: perennial"
            + " connections show "
            + key);
  }

  static CredentialException deleted(ConnectionKey key) {
    return new CredentialException(
        Kind.DELETED,
        key,
        key + " was deleted. Connect it again: perennial connect " + key.integration());
  }

  static CredentialException noKeyRing(ConnectionKey key) {
    return new CredentialException(
        Kind.NO_KEY_RING,
        key,
        key
            + " has a token, sealed, and nothing here opens it. Give Credentials a keyRing(…) or"
            + " admin(…)");
  }

  static CredentialException notReady(ConnectionKey key) {
    return new CredentialException(
        Kind.NOT_READY,
        key,
        key
            + " cannot be told yet: the topic has not been read to its end. Wait for ready(); if it"
            + " does not come, is Kafka reachable and are the topics there?");
  }

  static CredentialException closed(ConnectionKey key) {
    return new CredentialException(
        Kind.NOT_READY, key, key + ": these Credentials were closed. Start new ones");
  }
}
