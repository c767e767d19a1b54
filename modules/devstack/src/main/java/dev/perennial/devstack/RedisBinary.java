package dev.perennial.devstack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

/**
 * Takes the redis-server for this system out of the embedded-redis jar. That jar's own provider
 * class is not used: it needs two further libraries and leaves a 6 MB copy behind at every start.
 */
final class RedisBinary {
  private static final String VERSION = "7.0.15";

  private RedisBinary() {}

  /** The executable in the directory, extracted unless it already lies there. */
  static Path in(Path directory) {
    String resource = resourceName(Jvm.operatingSystem(), Jvm.processor());
    Path binary = directory.resolve(resource);
    if (!Files.isExecutable(binary)) {
      extract(resource, directory, binary);
    }
    return binary;
  }

  static String resourceName(String os, String arch) {
    return "redis-server-" + VERSION + "-" + system(os) + "-" + processor(os, arch);
  }

  private static String system(String os) {
    String name = os.toLowerCase(Locale.ROOT);
    if (name.contains("linux")) {
      return "linux";
    }
    if (name.contains("mac")) {
      return "darwin";
    }
    throw unsupported(os, "any processor");
  }

  private static String processor(String os, String arch) {
    return switch (arch) {
      case "amd64", "x86_64" -> "amd64";
      case "aarch64", "arm64" -> "arm64";
      default -> throw unsupported(os, arch);
    };
  }

  private static IllegalStateException unsupported(String os, String arch) {
    return new IllegalStateException(
        "there is no embedded Redis for "
            + os
            + " on "
            + arch
            + "; start a Redis 7 yourself and name it in the configuration");
  }

  // By way of a second name: a half-written file never lies under the name that is run.
  private static void extract(String resource, Path directory, Path binary) {
    try (InputStream in = RedisBinary.class.getResourceAsStream("/" + resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is not on the class path");
      }
      Path written = Files.createTempFile(directory, resource, ".new");
      Files.copy(in, written, StandardCopyOption.REPLACE_EXISTING);
      Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rwx------"));
      Files.move(written, binary, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("redis-server could not be written to " + binary, e);
    }
  }
}
