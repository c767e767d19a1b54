package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/formats.md} names every stored format with its golden files and the test that reads
 * them; {@code docs/formats.sha256} pins the files.
 */
class StoredFormatsTest {
  private static final Path ROOT = Path.of("../..");
  private static final Pattern ROW =
      Pattern.compile(
          "^\\| [^|]+ \\| [^|]+ \\| `(modules/[^`]+)` \\| `(\\w+)` \\|$", Pattern.MULTILINE);

  /** A format: which files, and who reads them. */
  private record Format(String files, String test) {
    boolean holds(String file) {
      PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + files);
      return matcher.matches(Path.of(file));
    }
  }

  @Test
  void every_format_has_a_golden_file_and_a_test() throws IOException {
    List<String> golden = golden();
    List<String> tests = files("glob:modules/*/src/test/java/**.java");
    assertThat(formats()).hasSizeGreaterThanOrEqualTo(9);
    assertThat(formats())
        .allSatisfy(format -> {
          assertThat(golden).anyMatch(format::holds);
          assertThat(tests).anyMatch(test -> test.endsWith("/" + format.test() + ".java"));
        });
  }

  @Test
  void every_golden_file_belongs_to_a_format() throws IOException {
    List<Format> formats = formats();
    assertThat(golden())
        .allSatisfy(file -> assertThat(formats).anyMatch(format -> format.holds(file)));
  }

  /** Add a line for a new file; a line that is there stays as it is. */
  @Test
  void no_golden_file_was_changed_or_removed_and_each_is_pinned() throws IOException {
    Map<String, String> pinned = new TreeMap<>();
    for (String line : Files.readAllLines(ROOT.resolve("docs/formats.sha256"))) {
      pinned.put(line.substring(66), line.substring(0, 64));
    }
    Map<String, String> actual = new TreeMap<>();
    for (String file : golden()) {
      actual.put(file, sha256(ROOT.resolve(file)));
    }
    assertThat(actual).isEqualTo(pinned);
  }

  private static List<Format> formats() throws IOException {
    Matcher rows = ROW.matcher(Files.readString(ROOT.resolve("docs/formats.md")));
    return rows.results()
        .map(row -> new Format(String.valueOf(row.group(1)), String.valueOf(row.group(2))))
        .toList();
  }

  private static List<String> golden() throws IOException {
    return files("glob:modules/*/src/test/resources/golden/**");
  }

  private static List<String> files(String glob) throws IOException {
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher(glob);
    try (Stream<Path> all = Files.walk(ROOT.resolve("modules"))) {
      return all.filter(Files::isRegularFile)
          .map(ROOT::relativize)
          .filter(matcher::matches)
          .map(Path::toString)
          .sorted()
          .toList();
    }
  }

  private static String sha256(Path file) throws IOException {
    try {
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(sum);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
