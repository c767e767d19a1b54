package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every threat of SECURITY.md names tests, and those are in the tree. */
class SecurityPageTest {
  private static final Path TOP = Path.of("../..");
  private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+Test)(?:\\.(\\w+))?`");

  @Test
  void everyRowNamesATest() throws IOException {
    assertThat(rows())
        .hasSizeGreaterThan(30)
        .allSatisfy(row ->
            assertThat(NAMED.matcher(row.substring(row.lastIndexOf(" | "))).find())
                .as(row)
                .isTrue());
  }

  @Test
  void everyTestThatIsNamedIsThere() throws IOException {
    Map<String, String> tests = tests();
    List<String> missing = new ArrayList<>();
    for (String row : rows()) {
      NAMED
          .matcher(row)
          .results()
          .filter(named -> !isThere(tests.get(named.group(1)), named.group(2)))
          .forEach(named -> missing.add(named.group()));
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void aTestThatIsNotThereIsNoticed() throws IOException {
    assertThat(isThere(tests().get("NoSuchTest"), null)).isFalse();
    assertThat(isThere(tests().get("SecurityPageTest"), "noSuchMethod")).isFalse();
    assertThat(isThere(tests().get("SecurityPageTest"), "everyRowNamesATest")).isTrue();
  }

  private static boolean isThere(
      @org.jspecify.annotations.Nullable String source,
      @org.jspecify.annotations.Nullable String method) {
    return source != null && (method == null || source.contains("void " + method + "("));
  }

  private static List<String> rows() throws IOException {
    return Files.readAllLines(TOP.resolve("SECURITY.md")).stream()
        .filter(line -> line.matches("\\| [STRIDE] \\| .*"))
        .map(line -> line.replaceAll(" \\|$", ""))
        .toList();
  }

  /** Sources by class. */
  private static Map<String, String> tests() throws IOException {
    try (Stream<Path> files = Files.walk(TOP.resolve("modules"))) {
      return files
          .filter(file -> file.toString().contains("/src/test/java/"))
          .filter(file -> file.toString().endsWith("Test.java"))
          .collect(
              Collectors.toMap(
                  file ->
                      Objects.requireNonNull(file.getFileName()).toString().replace(".java", ""),
                  SecurityPageTest::read,
                  String::concat));
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
