package dev.perennial.app.cli;

/** A command cannot do what it was asked to; the message is all that the user sees. */
public final class CommandFailure extends RuntimeException {
  public CommandFailure(String message) {
    super(message);
  }
}
