package dev.perennial.app.audit;

/** What can be done to an installation. The names are public contract: docs/audit.md. */
public enum Action {
  CONNECT_SESSION_CREATE("connect_session.create", Kind.CHANGE),
  CONNECTION_REFRESH("connection.refresh", Kind.CHANGE),
  CONNECTION_DELETE("connection.delete", Kind.CHANGE),
  CONNECTION_IMPORT("connection.import", Kind.CHANGE),
  /** Many at once. */
  CONNECTIONS_IMPORT("connections.import", Kind.CHANGE),
  CONNECTIONS_EXPORT("connections.export", Kind.CHANGE),
  /** An access token was handed out. */
  CREDENTIAL_READ("credential.read", Kind.READ),
  CONSOLE_SIGN_IN("console.sign_in", Kind.CHANGE),
  CONSOLE_SIGN_OUT("console.sign_out", Kind.CHANGE),
  KEY_RING_CREATE("key_ring.create", Kind.CHANGE),
  KEY_RING_ROTATE("key_ring.rotate", Kind.CHANGE),
  /** A key was disabled, or taken out of the ring. */
  KEY_RING_RETIRE("key_ring.retire", Kind.CHANGE),
  /** A disabled key opens again. */
  KEY_RING_ENABLE("key_ring.enable", Kind.CHANGE),
  /** The ring was written anew, under a key of a KMS. */
  KEY_RING_WRAP("key_ring.wrap", Kind.CHANGE),
  /** What a lost key had sealed was given up. */
  KEY_RING_LOST("key_ring.lost", Kind.CHANGE),
  API_KEY_CREATE("api_key.create", Kind.CHANGE),
  API_KEY_REVOKE("api_key.revoke", Kind.CHANGE),
  /** Anything else, told only where it was denied. */
  REQUEST("request", Kind.OTHER);

  /** How much of it is told. */
  enum Kind {
    /** Whether it was done, denied or failed. */
    CHANGE,
    /** As {@code audit.reads} says; denied ones always. */
    READ,
    /** Denied ones alone. */
    OTHER
  }

  private final String text;
  private final Kind kind;

  Action(String text, Kind kind) {
    this.text = text;
    this.kind = kind;
  }

  /** E.g. {@code connection.delete}. */
  public String text() {
    return text;
  }

  Kind kind() {
    return kind;
  }
}
