package dev.perennial.app.dev;

import dev.perennial.app.cli.PrivateFile;
import dev.perennial.app.role.StartProblems;
import dev.perennial.domain.Secret;
import dev.perennial.sealing.KeyRing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The data directory of {@code perennial up}: servers' data, key ring, and who may use the API. */
final class UpDirectory {
  private static final int TOKEN_BYTES = 32;

  private final Path path;
  private @Nullable Secret token;

  UpDirectory(Path path) {
    this.path = path;
  }

  Path path() {
    return path;
  }

  /**
   * The key ring's file, made at the first start. Without it the data cannot be opened again.
   *
   * @throws StartProblems where it is gone and the data are there
   */
  Path keyset() {
    Path file = path.resolve("keys.json");
    if (!Files.exists(file)) {
      if (Files.exists(path.resolve("kafka"))) {
        throw new StartProblems(
            List.of(
                file
                    + " is gone, and the data beside it are sealed with it: put it back, or choose"
                    + " another --data to begin anew"));
      }
      try {
        make();
        PrivateFile.replace(file, KeyRing.generate());
      } catch (IOException e) {
        throw new StartProblems(List.of(file + " cannot be written: " + e.getMessage()));
      }
    }
    return file;
  }

  /** For the admin API; fresh for each start. */
  Secret adminToken() {
    Secret current = token;
    if (current == null) {
      byte[] bytes = new byte[TOKEN_BYTES];
      new SecureRandom().nextBytes(bytes);
      current = Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
      token = current;
    }
    return current;
  }

  /**
   * Keeps a second process out of the same data.
   *
   * @throws StartProblems where one is in there
   */
  Lock lock() {
    try {
      make();
      FileChannel channel =
          FileChannel.open(
              path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new StartProblems(
            List.of("another perennial up uses " + path + ": stop it, or choose --data"));
      }
      return new Lock(channel);
    } catch (IOException e) {
      throw new StartProblems(List.of(path + " cannot be used: " + e.getMessage()));
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null;
    }
  }

  /** For its owner alone, where the file system knows owners. */
  private void make() throws IOException {
    if (Files.isDirectory(path)) {
      return;
    }
    Files.createDirectories(path);
    if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
    }
  }

  /** Held while open. */
  record Lock(FileChannel channel) implements AutoCloseable {
    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
