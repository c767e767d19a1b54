package dev.perennial.client;

import dev.perennial.sealing.KeyRing;
import dev.perennial.sealing.LiveKeyRing;
import dev.perennial.sealing.Wrapping;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log what becomes of the key ring in a file, which is read again when needed. */
final class KeyRingFile implements LiveKeyRing.Listener {
  private static final Logger log = LoggerFactory.getLogger(KeyRingFile.class);

  private KeyRingFile() {}

  /**
   * The ring, read again where it does not open something and the file has changed.
   *
   * @throws dev.perennial.sealing.KeyRingException where the file holds no ring
   */
  static LiveKeyRing live(Path file) {
    return LiveKeyRing.of(file, Wrapping.NONE, new KeyRingFile());
  }

  @Override
  public void changed(KeyRing ring) {
    log.info("read the changed key ring: {}", ring);
  }

  @Override
  public void unreadable(String why) {
    log.warn("going on with the key ring as it was: {}", why);
  }
}
