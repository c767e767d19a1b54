package dev.perennial.app.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/** Files that only their owner can read, never readable by others for a moment. */
public final class PrivateFile {
  private PrivateFile() {}

  /**
   * @throws FileAlreadyExistsException where it is there
   */
  static void create(Path file, String text) throws IOException {
    Files.createFile(file, ownerOnly(file));
    Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.WRITE);
  }

  /**
   * An empty one, to be written and closed.
   *
   * @throws FileAlreadyExistsException where it is there
   */
  static OutputStream create(Path file) throws IOException {
    Files.createFile(file, ownerOnly(file));
    return Files.newOutputStream(file, StandardOpenOption.WRITE);
  }

  /** Whoever reads the file meanwhile sees the old text or the new one. */
  public static void replace(Path file, String text) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(next);
    create(next, text);
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * The same, readable by whom it was readable before: owner, group and permissions stay where this
   * user may set them.
   */
  public static void replaceAlike(Path file, String text) throws IOException {
    Path target = Files.exists(file) ? file.toRealPath() : file;
    Path next = target.resolveSibling(target.getFileName() + ".new");
    Files.deleteIfExists(next);
    create(next, text);
    if (Files.exists(target)) {
      keep(target, next);
    }
    Files.move(next, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void keep(Path from, Path to) throws IOException {
    PosixFileAttributeView before = Files.getFileAttributeView(from, PosixFileAttributeView.class);
    PosixFileAttributeView now = Files.getFileAttributeView(to, PosixFileAttributeView.class);
    if (before == null || now == null) {
      return;
    }
    PosixFileAttributes wanted = before.readAttributes();
    PosixFileAttributes has = now.readAttributes();
    if (!wanted.group().equals(has.group())) {
      now.setGroup(wanted.group());
    }
    if (!wanted.owner().equals(has.owner())) {
      now.setOwner(wanted.owner());
    }
    now.setPermissions(wanted.permissions());
  }

  private static FileAttribute<?>[] ownerOnly(Path file) {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
