package dev.perennial.app.keys;

import dev.perennial.app.cli.PrivateFile;
import dev.perennial.sealing.KeyRing;
import dev.perennial.sealing.Wrapping;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where a ring is read and where the changed one is written: one file that is replaced as a whole,
 * or, where that cannot be (an environment variable, a read-only volume), a file beside it that an
 * operator takes from there.
 *
 * @param from the ring as the configuration has it
 * @param to where the changed one goes; null = nowhere, it can only be read
 * @param inPlace whether that is where the configuration reads it
 */
public record RingFile(
    Supplier<KeyRing> from, @Nullable Path to, Wrapping wrapping, boolean inPlace) {

  /** The file that the configuration names. */
  public static RingFile at(Path file, Wrapping wrapping) {
    return new RingFile(() -> wrapping.load(file), file, wrapping, true);
  }

  /** The ring as it is now. */
  public KeyRing read() {
    return from.get();
  }

  /**
   * Writes a changed ring; two commands at once do it one after the other, the second on what the
   * first has written.
   *
   * @throws Refused where it cannot be written; nothing has changed then
   */
  KeyRing change(UnaryOperator<KeyRing> change) {
    if (to == null) {
      throw new Refused(
          "the key ring is in the environment (keys.keyset), which this command cannot change:"
              + " name a file with --out, and take one --step at a time. Each needs a rolling"
              + " restart with what the file then holds (docs/keys.md)");
    }
    try {
      return change(to, change);
    } catch (IOException e) {
      throw new Refused(
          to
              + " cannot be written ("
              + e.getClass().getSimpleName()
              + "). Where it is mounted read-only, or as a single file: write the changed ring"
              + " elsewhere with --out, one --step at a time, and put it there (docs/keys.md)");
    }
  }

  private KeyRing change(Path file, UnaryOperator<KeyRing> change) throws IOException {
    Path lock = file.resolveSibling(file.getFileName() + ".lock");
    try (FileChannel channel =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      KeyRing changed = change.apply(read());
      PrivateFile.replaceAlike(file, wrapping.write(changed));
      return changed;
    }
  }
}
