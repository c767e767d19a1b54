package dev.perennial.app.console;

/** Carries an answer from where a request is refused to where it is written. */
final class Turned extends RuntimeException {
  private final transient Reply reply;

  Turned(Reply reply) {
    super("turned away with " + reply.status(), null, false, false);
    this.reply = reply;
  }

  Reply reply() {
    return reply;
  }
}
