package dev.perennial.credentials;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer;

/** Redis is what is tested here; sealing has tests of its own. */
final class Unsealed implements Sealer {
  @Override
  public Sealed seal(ConnectionKey key, Purpose purpose, byte[] plain) {
    return Sealed.of(plain);
  }

  @Override
  public byte[] open(ConnectionKey key, Purpose purpose, Sealed sealed) {
    return sealed.bytes();
  }
}
