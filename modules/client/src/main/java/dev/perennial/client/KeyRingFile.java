package dev.perennial.client;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer;
import dev.perennial.sealing.KeyRing;
import dev.perennial.sealing.KeyRingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key ring in a file, read again where it does not open something and the file has changed, so
 * that a rotated ring needs no restart. Thread-safe.
 */
final class KeyRingFile implements Sealer {
  private static final Logger log = LoggerFactory.getLogger(KeyRingFile.class);
  private static final FileTime NEVER = FileTime.fromMillis(0);

  private final Path file;
  private volatile KeyRing ring;
  private FileTime readAt;

  /**
   * @throws KeyRingException where the file holds no ring
   */
  KeyRingFile(Path file) {
    this.file = file;
    this.readAt = modified();
    this.ring = KeyRing.load(file);
  }

  @Override
  public Sealed seal(ConnectionKey key, Purpose purpose, byte[] plain) {
    return ring.seal(key, purpose, plain);
  }

  @Override
  public byte[] open(ConnectionKey key, Purpose purpose, Sealed sealed) {
    KeyRing before = ring;
    try {
      return before.open(key, purpose, sealed);
    } catch (UnsealableException e) {
      KeyRing now = readAgain();
      if (now == before) {
        throw e;
      }
      return now.open(key, purpose, sealed);
    }
  }

  private synchronized KeyRing readAgain() {
    FileTime modified = modified();
    if (!modified.equals(readAt)) {
      readAt = modified;
      try {
        ring = KeyRing.load(file);
        log.info("read the changed key ring {}: {}", file, ring);
      } catch (KeyRingException e) {
        log.warn("going on with the key ring as it was: {}", e.getMessage());
      }
    }
    return ring;
  }

  private FileTime modified() {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return NEVER; // reading it tells
    }
  }

  @Override
  public String toString() {
    return ring.toString();
  }
}
