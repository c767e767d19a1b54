package dev.perennial.integration.request;

import java.util.regex.Pattern;

/** What a host may look like (RFC 3986 section 3.2.2, RFC 1123 section 2.1). */
final class Hosts {
  private static final int MAX_LENGTH = 253;
  private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
  private static final Pattern NAME = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*+");
  private static final Pattern IPV6 = Pattern.compile("\\[[0-9A-Fa-f:.]{2,45}\\]");
  private static final Pattern LOOPBACK =
      Pattern.compile("127(?:\\.(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");

  private Hosts() {}

  static boolean isHost(String text) {
    return text.length() <= MAX_LENGTH
        && (NAME.matcher(text).matches() || IPV6.matcher(text).matches());
  }

  /** 127.0.0.0/8, ::1 and localhost; the only hosts that may be reached without TLS. */
  static boolean isLoopback(String host) {
    return host.equalsIgnoreCase("localhost")
        || host.equals("[::1]")
        || LOOPBACK.matcher(host).matches();
  }
}
