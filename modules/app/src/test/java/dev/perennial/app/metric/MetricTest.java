package dev.perennial.app.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.app.metric.Metric.Kind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every metric keeps to, and that there are no others. */
class MetricTest {
  private final Meters meters = new Meters(new SimpleMeterRegistry());

  @Test
  void namesFollowTheConventionsOfPrometheus() {
    for (Metric metric : Metric.values()) {
      assertThat(metric.exposed()).matches("perennial(_[a-z]+)+");
      assertThat(metric.exposed().endsWith("_total")).isEqualTo(metric.kind() == Kind.COUNTER);
      assertThat(metric.description()).endsWith(".");
      if (metric.kind() == Kind.HISTOGRAM) {
        assertThat(metric.exposed()).endsWith("_seconds");
        assertThat(metric.buckets()).isSorted();
      }
    }
    assertThat(Arrays.stream(Metric.values()).map(Metric::exposed)).doesNotHaveDuplicates();
  }

  @Test
  void everyLabelIsBounded() {
    for (Metric metric : Metric.values()) {
      for (Label label : metric.labels()) {
        assertThat(label.key()).matches("[a-z]+");
        assertThat(label.values().isEmpty()).isEqualTo(!label.bound().isEmpty());
        assertThat(label.values()).hasSizeLessThanOrEqualTo(16).doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void aLabelTakesNoOtherValue() {
    assertThatThrownBy(() -> meters.counter(Metric.POSTPONEMENTS, "google", "weather"))
        .hasMessageContaining("cause=weather");
    assertThatThrownBy(() -> meters.counter(Metric.POSTPONEMENTS, "google"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> meters.counter(Metric.IN_FLIGHT, "refresh-due"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aTableIsReplacedAsAWhole() {
    ProcessMetrics process = new ProcessMetrics();
    process.meters().table(Metric.CONNECTIONS_VALID, Map.of(List.of("google"), 3.0));
    assertThat(process.scrape()).contains("perennial_connections_valid{integration=\"google\"} 3");
    process.meters().table(Metric.CONNECTIONS_VALID, Map.of());
    assertThat(process.scrape()).doesNotContain("perennial_connections_valid{");
    process.close();
  }

  @Test
  void aScrapeMeetsNoRowTwiceWhileATableIsReplaced() throws Exception {
    try (ProcessMetrics process = new ProcessMetrics()) {
      process.meters().table(Metric.CONNECTIONS_VALID, Map.of(List.of("google"), 0.0));
      Thread replacing =
          Thread.ofVirtual()
              .start(() -> {
                for (double i = 1; i <= 20_000; i++) {
                  process.meters().table(Metric.CONNECTIONS_VALID, Map.of(List.of("google"), i));
                }
              });
      while (replacing.isAlive()) {
        assertThat(process.scrape()).containsOnlyOnce("perennial_connections_valid{");
      }
    }
  }

  @Test
  void nothingElseNamesOrRegistersAMetricOfOurs() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(".."))) {
      List<Path> sources =
          files
              .filter(it -> it.toString().endsWith(".java") && it.toString().contains("src/main"))
              .filter(it -> !it.toString().contains("/app/metric/"))
              .toList();
      assertThat(sources).hasSizeGreaterThan(400);
      for (Path source : sources) {
        assertThat(Files.readString(source))
            .as(source.toString())
            .doesNotContain("io.micrometer.")
            .doesNotContainPattern("\"perennial_[a-z_]+_(total|seconds)");
      }
    }
  }
}
