package dev.perennial.domain;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Bytes that only a {@link Sealer} with the right key ring can open. Immutable. */
public final class Sealed {
  private final byte[] bytes;

  private Sealed(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Takes a copy. */
  public static Sealed of(byte[] bytes) {
    return new Sealed(bytes.clone());
  }

  /** A copy of the sealed bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** In bytes. */
  public int length() {
    return bytes.length;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Sealed that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "sealed[" + bytes.length + " bytes]";
  }
}
