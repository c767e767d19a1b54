import com.google.googlejavaformat.java.Formatter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Usage: java -cp CLASSPATH Format.java check|apply DIR... ; exit code 1 where check finds any. */
final class Format {
  public static void main(String[] args) throws Exception {
    boolean check = args[0].equals("check");
    List<Path> sources = sources(args);
    List<Path> unformatted =
        sources.parallelStream().filter(source -> differs(source, check)).toList();
    if (check) {
      unformatted.forEach(source -> System.err.println("not formatted: " + source));
    }
    System.out.println(
        sources.size()
            + " files, "
            + unformatted.size()
            + (check ? " not formatted" : " formatted"));
    if (check && !unformatted.isEmpty()) {
      System.err.println("mvn -q -N validate -Dformat.mode=apply formats them");
      System.exit(1);
    }
  }

  private static List<Path> sources(String[] args) throws Exception {
    List<Path> sources = new ArrayList<>();
    for (int i = 1; i < args.length; i++) {
      try (var files = Files.walk(Path.of(args[i]))) {
        files.filter(Format::isOurs).forEach(sources::add);
      }
    }
    return sources;
  }

  /** Not what the build or npm put there. */
  private static boolean isOurs(Path file) {
    for (Path part : file) {
      if (part.toString().equals("target") || part.toString().equals("node_modules")) {
        return false;
      }
    }
    return file.toString().endsWith(".java");
  }

  private static boolean differs(Path source, boolean check) {
    try {
      String before = Files.readString(source);
      String after = new Formatter().formatSourceAndFixImports(before);
      if (!check && !before.equals(after)) {
        Files.writeString(source, after);
      }
      return !before.equals(after);
    } catch (Exception e) {
      throw new IllegalStateException(source + ": " + e.getMessage(), e);
    }
  }
}
