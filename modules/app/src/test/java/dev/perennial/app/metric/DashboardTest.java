package dev.perennial.app.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard is strict JSON, and each of its queries reads what there is. */
class DashboardTest {
  private static final Path COMPOSE = Path.of("../../docker/compose");
  private static final Pattern RECORDED = Pattern.compile("record: (\\S+)");

  private final JsonNode dashboard =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build()
          .readTree(read("grafana/dashboards/perennial.json"));

  private static String read(String file) {
    try {
      return Files.readString(COMPOSE.resolve(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<JsonNode> panels() {
    return StreamSupport.stream(dashboard.get("panels").spliterator(), false).toList();
  }

  @Test
  void eachQueryReadsWhatThereIs() {
    Set<String> known = new HashSet<>(PromQl.ours());
    known.addAll(PromQl.FOREIGN);
    RECORDED
        .matcher(read("prometheus/rules/perennial.yml"))
        .results()
        .forEach(found -> known.add(String.valueOf(found.group(1))));
    int queries = 0;
    for (JsonNode panel : panels()) {
      for (JsonNode target : panel.path("targets")) {
        queries++;
        String expr = target.get("expr").asString();
        assertThat(PromQl.series(expr)).as(expr).isNotEmpty().isSubsetOf(known);
      }
    }
    assertThat(queries).isGreaterThan(40);
  }

  @Test
  void itHasARowForEachQuestion() {
    assertThat(panels())
        .filteredOn(panel -> panel.get("type").asString().equals("row"))
        .extracting(panel -> panel.get("title").asString())
        .containsExactly("Freshness", "Work", "Backlog and lag", "Errors", "Shards", "Processes");
  }

  @Test
  void panelsHaveIdsOfTheirOwnAndDoNotLieOverEachOther() {
    Set<String> cells = new HashSet<>();
    Set<Integer> ids = new TreeSet<>();
    for (JsonNode panel : panels()) {
      assertThat(ids.add(panel.get("id").asInt())).isTrue();
      JsonNode at = panel.get("gridPos");
      for (int x = 0; x < at.get("w").asInt(); x++) {
        for (int y = 0; y < at.get("h").asInt(); y++) {
          int column = at.get("x").asInt() + x;
          assertThat(column).isLessThan(24);
          assertThat(cells.add(column + "/" + (at.get("y").asInt() + y))).isTrue();
        }
      }
      if (!panel.get("type").asString().equals("row")) {
        assertThat(panel.get("description").asString()).endsWith(".");
      }
    }
  }

  @Test
  void itReadsTheSourceThatComposeProvides() {
    assertThat(read("grafana/datasources/prometheus.yaml")).contains("uid: prometheus");
    assertThat(dashboard.findValues("datasource"))
        .hasSizeGreaterThan(40)
        .allSatisfy(source -> assertThat(source.path("uid").asString()).isEqualTo("prometheus"));
    for (JsonNode panel : panels()) {
      for (JsonNode target : panel.path("targets")) {
        assertThat(target.has("datasource")).as("%s", target).isTrue();
      }
    }
  }
}
