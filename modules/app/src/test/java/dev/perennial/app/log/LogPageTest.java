package dev.perennial.app.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds docs/logs.md to the dictionary of keys, or writes it anew; and the code to the same. */
class LogPageTest {
  private static final Path PAGE = Path.of("../../docs/logs.md");
  private static final String BEGIN = "<!-- keys: made from LogKey -->\n\n";
  private static final String END = "\n<!-- /keys -->";
  private static final boolean WRITE = Boolean.getBoolean("perennial.write");

  private static final Pattern NAMED =
      Pattern.compile("(?:addKeyValue|MDC\\.put(?:Closeable)?)\\(\\s*(\"[^\"]*\"|[A-Za-z_.]+)");

  private static final String WRITTEN_BY =
      "mvn -q test -pl modules/app -am -Dtest=LogPageTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dperennial.write=true";

  @Test
  void thePageSaysWhatTheKeysSay() throws IOException {
    String page = Files.readString(PAGE);
    String made =
        page.substring(0, page.indexOf(BEGIN) + BEGIN.length())
            + LogPage.table()
            + page.substring(page.indexOf(END));
    if (WRITE) {
      Files.writeString(PAGE, made);
    } else {
      assertThat(page)
          .as("docs/logs.md differs from LogKey; write it with\n  %s\n", WRITTEN_BY)
          .isEqualTo(made);
    }
  }

  @Test
  void whatTheCodeAddsToALineIsInTheDictionary() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(".."))) {
      List<Path> sources =
          files
              .filter(it -> it.toString().endsWith(".java") && it.toString().contains("src/main"))
              .toList();
      int named = 0;
      for (Path source : sources) {
        Matcher found = NAMED.matcher(Files.readString(source));
        while (found.find()) {
          named++;
          String name = Objects.requireNonNull(found.group(1));
          if (name.startsWith("\"")) {
            String key = name.substring(1, name.length() - 1);
            assertThat(LogKey.isKnown(key)).as("%s of %s", key, source).isTrue();
          } else { // a constant, or one of several names
            assertThat(name).as(source.toString()).isIn("TRACE_ID", "base");
          }
        }
      }
      assertThat(named).isGreaterThan(10);
    }
  }
}
