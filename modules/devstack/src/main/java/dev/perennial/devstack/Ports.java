package dev.perennial.devstack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds free TCP ports on 127.0.0.1. A port found is free at that moment only; who binds it must be
 * ready to look again.
 */
public final class Ports {
  // Below the ports that systems give to outgoing connections: a client that keeps reconnecting to
  // a stopped server on such a port may be given that very port and connect to itself.
  private static final int LOWEST = 15_000;
  private static final int ABOVE_HIGHEST = 32_000;
  private static final int NEIGHBOURS = 100;

  private Ports() {}

  /**
   * A free port: the preferred one, else the next free one above it, else any.
   *
   * @param preferred 1 to 65535, or 0 for any
   * @throws IllegalStateException where none is free
   */
  public static int free(int preferred) {
    if (preferred < 0 || preferred > 65_535) {
      throw new IllegalArgumentException("not a port: " + preferred + " (expected 0 to 65535)");
    }
    return preferred == 0 ? any() : nextFrom(preferred);
  }

  private static int nextFrom(int preferred) {
    int last = Math.min(65_535, preferred + NEIGHBOURS);
    for (int port = preferred; port <= last; port++) {
      if (isFree(port)) {
        return port;
      }
    }
    return any();
  }

  private static int any() {
    for (int attempt = 0; attempt < 1_000; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, ABOVE_HIGHEST);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException(
        "no free port on 127.0.0.1 between " + LOWEST + " and " + ABOVE_HIGHEST);
  }

  /** Whether a server could be bound to the port on 127.0.0.1 now. */
  public static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(loopback(), port), 1);
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  static InetAddress loopback() {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
