package dev.perennial.app.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Holds docs/metrics.md to the metrics, or writes it anew. */
class MetricPageTest {
  private static final Path PAGE = Path.of("../../docs/metrics.md");
  private static final String BEGIN = "<!-- metrics: made from Metric -->\n\n";
  private static final String END = "\n<!-- /metrics -->";
  private static final boolean WRITE = Boolean.getBoolean("perennial.write");

  private static final String WRITTEN_BY =
      "mvn -q test -pl modules/app -am -Dtest=MetricPageTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dperennial.write=true";

  @Test
  void thePageSaysWhatTheMetricsSay() throws IOException {
    String page = Files.readString(PAGE);
    String made =
        page.substring(0, page.indexOf(BEGIN) + BEGIN.length())
            + MetricPage.table()
            + page.substring(page.indexOf(END));
    if (WRITE) {
      Files.writeString(PAGE, made);
    } else {
      assertThat(page)
          .as("docs/metrics.md differs from Metric; write it with\n  %s\n", WRITTEN_BY)
          .isEqualTo(made);
    }
  }
}
