package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Holds the figures of docs/operations.md to what a connection and an event take, or writes them
 * anew, with more connections.
 */
class SizingTest {
  private static final Path PAGE = Path.of("../../docs/operations.md");
  private static final boolean WRITE = Boolean.getBoolean("perennial.write");
  private static final int CONNECTIONS =
      Integer.getInteger("perennial.e2e.connections", WRITE ? 200_000 : 5_000);

  /** Of all figures but those that say how fast it was. */
  private static final double PERCENT = 15;

  private static final String WRITTEN_BY =
      "mvn test -pl modules/e2e -am -Dtest=SizingTest -Dsurefire.failIfNoSpecifiedTests=false"
          + " -Dperennial.write=true";

  private static final Pattern BLOCK =
      Pattern.compile("(?s)(<!-- made by SizingTest -->\n).*?(<!-- end -->)");

  @Test
  void thePageSaysWhatAConnectionAndAnEventTake() throws Exception {
    List<Sizes> measured = new ArrayList<>();
    for (Sizes.Tokens tokens : Sizes.Tokens.values()) {
      measured.add(Sizes.measure(CONNECTIONS, tokens));
    }
    String made = SizingPage.of(CONNECTIONS, measured);
    if (WRITE) {
      write(made);
    } else {
      Map<String, List<Long>> said = figures(Files.readString(PAGE));
      figures(made)
          .forEach((row, figures) -> assertNear(row, figures, said.getOrDefault(row, List.of())));
    }
  }

  private static void assertNear(String row, List<Long> measured, List<Long> said) {
    assertThat(said)
        .as("docs/operations.md, %s; write it with\n  %s\n", row, WRITTEN_BY)
        .hasSameSizeAs(measured);
    for (int i = 0; i < measured.size(); i++) {
      assertThat(said.get(i))
          .as(
              "docs/operations.md, %s, measured %s; write it with\n  %s\n",
              row, measured, WRITTEN_BY)
          .isCloseTo(measured.get(i), withinPercentage(PERCENT));
    }
  }

  private static void write(String made) throws IOException {
    Matcher block = BLOCK.matcher(Files.readString(PAGE));
    assertThat(block.find()).as("a block for SizingTest in %s", PAGE).isTrue();
    Files.writeString(
        PAGE, block.replaceFirst(it -> Matcher.quoteReplacement(it.group(1) + made + it.group(2))));
  }

  /** The whole numbers of each row of the block's tables, by the row's first cell. */
  private static Map<String, List<Long>> figures(String page) {
    Map<String, List<Long>> figures = new TreeMap<>();
    page.lines()
        .filter(line -> line.startsWith("| ") && line.contains(SizingPage.BYTES))
        .map(line -> line.split("\\|"))
        .forEach(cells -> figures.put(cells[1].strip(), numbers(cells)));
    return figures;
  }

  private static List<Long> numbers(String[] cells) {
    List<Long> numbers = new ArrayList<>();
    for (String cell : cells) {
      if (cell.contains(SizingPage.BYTES)) {
        numbers.add(Long.parseLong(cell.replaceAll("\\D", "")));
      }
    }
    return numbers;
  }
}
