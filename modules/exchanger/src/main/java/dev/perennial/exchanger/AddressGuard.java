package dev.perennial.exchanger;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves host names to public addresses only, so that neither a definition nor a value in it can
 * turn our client secret towards this network. The connection is made to the very address that was
 * judged here. Thread-safe.
 */
final class AddressGuard implements DnsResolver {
  /** 64:ff9b::/96; what else begins so is translated as somebody's network has it. */
  private static final byte[] NAT64 = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};

  private final DnsResolver names;
  private final boolean allowPrivate;

  AddressGuard(DnsResolver names, boolean allowPrivate) {
    this.names = names;
    this.allowPrivate = allowPrivate;
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    InetAddress[] all = names.resolve(host);
    if (allowPrivate) {
      return all;
    }
    InetAddress[] open =
        Arrays.stream(all).filter(AddressGuard::isPublic).toArray(InetAddress[]::new);
    if (open.length == 0) {
      throw new RefusedAddressException();
    }
    return open;
  }

  @Override
  public String resolveCanonicalHostname(String host) throws UnknownHostException {
    return names.resolveCanonicalHostname(host);
  }

  /** Whether the address belongs to the public Internet. */
  static boolean isPublic(InetAddress address) {
    byte[] b = address.getAddress();
    if (address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    return address instanceof Inet4Address ? isPublic4(b[0], b[1], b[2], b[3]) : isPublic6(b);
  }

  private static boolean isPublic4(byte b0, byte b1, byte b2, byte b3) {
    int a = b0 & 0xff;
    int b = b1 & 0xff;
    int c = b2 & 0xff;
    return switch (a) {
      case 0, 10, 127 -> false;
      case 100 -> b < 64 || b > 127; // shared address space, and a cloud's metadata in it
      case 168 -> !(b == 63 && c == 129 && (b3 & 0xff) == 16); // a cloud's metadata
      case 169 -> b != 254;
      case 172 -> b < 16 || b > 31;
      case 192 -> !(b == 168 || (b == 0 && c == 0));
      case 198 -> b != 18 && b != 19;
      default -> a < 224;
    };
  }

  private static boolean isPublic6(byte[] b) {
    int first = ((b[0] & 0xff) << 8) | (b[1] & 0xff);
    if (first == 0x2002) { // 6to4 carries an IPv4 address
      return isPublic4(b[2], b[3], b[4], b[5]);
    }
    if (Arrays.equals(b, 0, NAT64.length, NAT64, 0, NAT64.length)) { // so does NAT64
      return isPublic4(b[12], b[13], b[14], b[15]);
    }
    return (first & 0xe000) == 0x2000 && !(first == 0x2001 && b[2] == 0 && b[3] == 0);
  }

  /** The name leads to private addresses only. */
  static final class RefusedAddressException extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    RefusedAddressException() {
      super("private address refused");
    }
  }
}
