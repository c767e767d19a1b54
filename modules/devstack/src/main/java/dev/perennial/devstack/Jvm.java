package dev.perennial.devstack;

import java.nio.file.Path;

/** What this JVM says of itself and of the machine it runs on. */
final class Jvm {
  private Jvm() {}

  static String classPath() {
    return property("java.class.path");
  }

  /** The {@code java} that runs this. */
  static Path executable() {
    return Path.of(property("java.home"), "bin", "java");
  }

  static String operatingSystem() {
    return property("os.name");
  }

  static String processor() {
    return property("os.arch");
  }

  private static String property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new IllegalStateException("the system property " + name + " is missing");
    }
    return value;
  }
}
