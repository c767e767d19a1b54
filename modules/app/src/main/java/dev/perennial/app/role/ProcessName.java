package dev.perennial.app.role;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.random.RandomGenerator;

/** What a process is called where processes say something of themselves. */
final class ProcessName {
  private ProcessName() {}

  /** Host, process id, and something that tells it from one that had both before. */
  static String of(RandomGenerator random) {
    String tail = "-" + ProcessHandle.current().pid() + "-" + Integer.toHexString(random.nextInt());
    try {
      return InetAddress.getLocalHost().getHostName().replaceAll("[^\\x21-\\x7e]", "?") + tail;
    } catch (UnknownHostException e) {
      return "unknown-host" + tail;
    }
  }
}
