package dev.perennial.ingress.limit;

import java.net.InetAddress;

/**
 * A range of IP addresses (CIDR), such as {@code 10.0.0.0/8}; an address alone is a range of one.
 * Immutable.
 */
public record AddressRange(InetAddress first, int prefix) {

  /**
   * @throws IllegalArgumentException where it is none
   */
  public static AddressRange parse(String text) {
    String[] parts = text.strip().split("/", 2);
    InetAddress first = InetAddress.ofLiteral(parts[0]);
    int bits = first.getAddress().length * Byte.SIZE;
    int prefix = parts.length == 1 ? bits : Integer.parseInt(parts[1]);
    if (prefix < 0 || prefix > bits) {
      throw new IllegalArgumentException("expected a prefix of 0 to " + bits);
    }
    return new AddressRange(first, prefix);
  }

  /** Whether the address lies in it. */
  public boolean contains(InetAddress address) {
    byte[] ours = first.getAddress();
    byte[] theirs = address.getAddress();
    if (ours.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < prefix; bit++) {
      int mask = 0x80 >> (bit % Byte.SIZE);
      if ((ours[bit / Byte.SIZE] & mask) != (theirs[bit / Byte.SIZE] & mask)) {
        return false;
      }
    }
    return true;
  }
}
