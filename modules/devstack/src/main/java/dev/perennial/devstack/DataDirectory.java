package dev.perennial.devstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Where an embedded server keeps its data.
 *
 * @param path the directory, which exists
 * @param temporary whether it goes when the server is closed
 */
record DataDirectory(Path path, boolean temporary) {

  static DataDirectory kept(Path path) {
    try {
      return new DataDirectory(Files.createDirectories(path.toAbsolutePath()), false);
    } catch (IOException e) {
      throw new UncheckedIOException("the data directory " + path + " cannot be made", e);
    }
  }

  static DataDirectory temporary(String name) {
    try {
      return new DataDirectory(Files.createTempDirectory("perennial-" + name + "-"), true);
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary directory for " + name, e);
    }
  }

  Path file(String name) {
    return path.resolve(name);
  }

  void discardIfTemporary() {
    if (temporary && Files.exists(path)) {
      discard();
    }
  }

  private void discard() {
    try {
      Files.walkFileTree(path, new Discarding());
    } catch (IOException e) {
      throw new UncheckedIOException("the temporary directory " + path + " cannot be removed", e);
    }
  }

  private static final class Discarding extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
        throws IOException {
      Files.deleteIfExists(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
