package dev.perennial.integration;

/** Which request a template belongs to; decides which names have a value there. */
enum Stage {
  CONSENT("authenticate_url"),
  TOKEN("access_token"),
  REFRESH("refresh");

  private final String key;

  Stage(String key) {
    this.key = key;
  }

  /** Its key in the oauth object. */
  String key() {
    return key;
  }
}
