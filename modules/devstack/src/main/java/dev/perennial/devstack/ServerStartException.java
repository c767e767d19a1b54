package dev.perennial.devstack;

/**
 * An embedded server did not start, or did not answer in time. The message says which, and ends
 * with the last lines of its log.
 */
public final class ServerStartException extends RuntimeException {
  ServerStartException(String message) {
    super(message);
  }

  ServerStartException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Whether somebody else took the port between our look and the server's bind. */
  boolean isAddressInUse() {
    return String.valueOf(getMessage()).contains("ddress already in use");
  }
}
