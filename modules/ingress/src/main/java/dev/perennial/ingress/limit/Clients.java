package dev.perennial.ingress.limit;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Who stands at the other end. Behind proxies that are trusted that is whom they speak for, read
 * from right to left: what stands left of the first address that is not one of theirs may be
 * anybody's invention. Immutable.
 *
 * @param trusted the proxies; none = the peer counts
 * @param header which one they write; the other one is never read, since a client may have sent it
 */
public record Clients(List<AddressRange> trusted, Header header) {

  /** Where a proxy writes whom it speaks for. */
  public enum Header {
    X_FORWARDED_FOR,
    /** RFC 7239. */
    FORWARDED;

    /** As HTTP has it. */
    public String text() {
      return this == FORWARDED ? "Forwarded" : "X-Forwarded-For";
    }
  }

  public Clients {
    trusted = List.copyOf(trusted);
  }

  /**
   * @param lines of the header, in their order
   */
  InetAddress client(InetAddress peer, List<String> lines) {
    if (!isTrusted(peer) || lines.isEmpty()) {
      return peer;
    }
    List<String> nodes =
        header == Header.FORWARDED ? ForwardedFor.standard(lines) : ForwardedFor.plain(lines);
    InetAddress nearest = peer;
    for (String node : nodes.reversed()) {
      Optional<InetAddress> before = ForwardedFor.address(node);
      if (before.isEmpty()) {
        return nearest;
      }
      nearest = before.get();
      if (!isTrusted(nearest)) {
        return nearest;
      }
    }
    return nearest;
  }

  private boolean isTrusted(InetAddress address) {
    return trusted.stream().anyMatch(range -> range.contains(address));
  }
}
