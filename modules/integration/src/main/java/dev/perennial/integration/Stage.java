package dev.perennial.integration;

/** Which request a template belongs to; decides which names have a value there. */
enum Stage {
  DISCOVERY("discovery"),
  PREPARE("prepare"),
  CONSENT("authenticate_url"),
  TOKEN("access_token"),
  TOKEN_THEN("then of access_token"),
  REFRESH("refresh"),
  REFRESH_THEN("then of refresh"),
  SIBLING("refresh of tokens"),
  REVOKE("revoke"),
  CERTIFICATE("client_certificate");

  private final String key;

  Stage(String key) {
    this.key = key;
  }

  /** Its key in the oauth object, or how a message calls it. */
  String key() {
    return key;
  }

  /** Whether a provider has answered a token request before. */
  boolean hasAnswer() {
    return switch (this) {
      case TOKEN_THEN, REFRESH, REFRESH_THEN, SIBLING, REVOKE -> true;
      case DISCOVERY, PREPARE, CONSENT, TOKEN, CERTIFICATE -> false;
    };
  }

  /** Whether nothing but variables has a value. */
  boolean hasVariablesOnly() {
    return this == DISCOVERY || this == CERTIFICATE;
  }
}
