import com.google.googlejavaformat.java.Formatter;
import java.nio.file.Files;
import java.nio.file.Path;

/** Usage: java -cp google-java-format-all-deps.jar Format.java check|apply DIR... */
final class Format {
  public static void main(String[] args) throws Exception {
    boolean check = args[0].equals("check");
    var formatter = new Formatter();
    int bad = 0;
    int seen = 0;
    for (int i = 1; i < args.length; i++) {
      Path root = Path.of(args[i]);
      if (!Files.isDirectory(root)) {
        continue;
      }
      try (var files = Files.walk(root)) {
        for (Path p :
            (Iterable<Path>) files.filter(f -> f.toString().endsWith(".java"))::iterator) {
          String before = Files.readString(p);
          String after = formatter.formatSourceAndFixImports(before);
          seen++;
          if (!before.equals(after)) {
            bad++;
            if (check) {
              System.err.println("not formatted: " + p);
            } else {
              Files.writeString(p, after);
            }
          }
        }
      }
    }
    System.out.println(seen + " files, " + bad + (check ? " not formatted" : " changed"));
    if (check && bad > 0) {
      System.exit(1);
    }
  }
}
