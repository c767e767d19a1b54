package dev.perennial.ingress.limit;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What proxies say of whom they speak for: the nodes of a header, from the farthest to us. */
final class ForwardedFor {
  /** Of one element of RFC 7239 section 4: {@code for=} a token or a quoted string. */
  private static final Pattern FOR =
      Pattern.compile("(?:^|;)\\s*for\\s*=\\s*(\"[^\"]*\"|[^;\\s]*)", Pattern.CASE_INSENSITIVE);

  private static final Pattern BRACKETED = Pattern.compile("\\[([0-9A-Fa-f:.]+)](?::\\d{1,5})?");
  private static final Pattern WITH_PORT = Pattern.compile("([0-9.]+):\\d{1,5}");

  private ForwardedFor() {}

  /** Of {@code X-Forwarded-For}. */
  static List<String> plain(List<String> lines) {
    return split(String.join(",", lines));
  }

  /** Of {@code Forwarded} (RFC 7239). An element without {@code for} is a node that is unknown. */
  static List<String> standard(List<String> lines) {
    List<String> nodes = new ArrayList<>();
    for (String element : split(String.join(",", lines))) {
      Matcher found = FOR.matcher(element);
      nodes.add(found.find() ? unquoted(String.valueOf(found.group(1))) : "unknown");
    }
    return nodes;
  }

  /** At commas that stand in no quotes. */
  private static List<String> split(String header) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < header.length(); i++) {
      char c = header.charAt(i);
      quoted ^= c == '"';
      if (c == ',' && !quoted) {
        parts.add(part.toString().strip());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString().strip());
    return parts;
  }

  private static String unquoted(String text) {
    return text.length() > 1 && text.startsWith("\"") ? text.substring(1, text.length() - 1) : text;
  }

  /** The address of a node; empty where it is unknown, hidden or nonsense. Asks no name server. */
  static Optional<InetAddress> address(String node) {
    Matcher bracketed = BRACKETED.matcher(node);
    Matcher port = WITH_PORT.matcher(node);
    String literal =
        bracketed.matches()
            ? String.valueOf(bracketed.group(1))
            : port.matches() ? String.valueOf(port.group(1)) : node;
    try {
      return Optional.of(InetAddress.ofLiteral(literal));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
