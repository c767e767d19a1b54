package dev.perennial.app.metric;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Holds rules, runbooks and unit tests of rules together, and all of them to the metrics. */
class AlertRulesTest {
  private static final Path ROOT = Path.of("../..");
  private static final Path RULES = ROOT.resolve("docker/compose/prometheus/rules/perennial.yml");
  private static final Path TESTS = ROOT.resolve("docker/compose/prometheus/tests/perennial.yml");
  private static final Path PROMETHEUS_RULE =
      ROOT.resolve("ops/kustomize/components/monitoring/rules.yaml");
  private static final Path CHART_RULES = ROOT.resolve("ops/helm/perennial/rules/perennial.yml");
  private static final Path RUNBOOKS = ROOT.resolve("docs/runbooks");

  private static final List<String> SECTIONS =
      List.of(
          "## What it means",
          "## Who is affected",
          "## How to look",
          "## What to do",
          "## How to know that it is over");

  @Test
  void everyExpressionReadsWhatThereIs() throws IOException {
    Set<String> known = new HashSet<>(PromQl.ours());
    known.addAll(PromQl.FOREIGN);
    for (Map<?, ?> rule : rules()) {
      Set<String> read = PromQl.series(text(rule, "expr"));
      assertThat(read).as("%s", rule).isNotEmpty();
      assertThat(known).as("%s", rule).containsAll(read);
      if (rule.get("record") instanceof String recorded) {
        assertThat(recorded).matches("perennial:[a-z_]+:[a-z0-9_]+");
        known.add(recorded); // rules further down may read it
      }
    }
  }

  @Test
  void everyAlertHasARunbookAndEveryRunbookAnAlert() throws IOException {
    Set<String> pages = new TreeSet<>();
    try (Stream<Path> files = Files.list(RUNBOOKS)) {
      files.forEach(file -> pages.add(String.valueOf(file.getFileName()).replace(".md", "")));
    }
    assertThat(pages).isEqualTo(alerts());
    for (Map<?, ?> rule : rules()) {
      if (rule.get("alert") instanceof String alert) {
        Map<?, ?> annotations = (Map<?, ?>) Objects.requireNonNull(rule.get("annotations"));
        assertThat(annotations.get("runbook_url")).isEqualTo("docs/runbooks/" + alert + ".md");
        assertThat(text(annotations, "summary")).endsWith(".");
        assertThat(((Map<?, ?>) Objects.requireNonNull(rule.get("labels"))).get("severity"))
            .isIn("critical", "warning");
      }
    }
  }

  @Test
  void everyRunbookSaysWhatWhoHowAndWhen() throws IOException {
    Set<String> known = new HashSet<>(PromQl.ours());
    Stream.of(Metric.values()).map(Metric::exposed).forEach(known::add);
    for (String alert : alerts()) {
      String page = Files.readString(RUNBOOKS.resolve(alert + ".md"));
      assertThat(page).startsWith("# " + alert + "\n").containsSubsequence(SECTIONS);
      assertThat(named(page, "\\bperennial_(?!dead_letter_reason)[a-z_]+\\b"))
          .as(alert)
          .isSubsetOf(known);
      assertThat(named(page, "\\bPerennial[A-Z]\\w+")).as(alert).isSubsetOf(alerts());
    }
  }

  private static Set<String> named(String page, String pattern) {
    return Pattern.compile(pattern)
        .matcher(page)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyAlertIsSeenFiringInAUnitTest() throws IOException {
    Set<String> fired = new TreeSet<>();
    for (Object test : (List<?>) Objects.requireNonNull(yaml(TESTS).get("tests"))) {
      for (Map<?, ?> of : list((Map<?, ?>) test, "alert_rule_test")) {
        if (!list(of, "exp_alerts").isEmpty()) {
          fired.add(text(of, "alertname"));
        }
      }
    }
    assertThat(fired).isEqualTo(alerts());
  }

  @ParameterizedTest
  @ValueSource(strings = {"check", "test"})
  void promtoolIsContent(String command) throws Exception {
    assumeTrue(isInstalled(), "promtool is not installed here (Debian package prometheus)");
    Path file = command.equals("check") ? RULES : TESTS;
    List<String> words = List.of("promtool", command, "rules", file.toString());
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
  }

  private static boolean isInstalled() {
    return Stream.of(String.valueOf(System.getenv("PATH")).split(":", -1))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "promtool")));
  }

  @Test
  void kubernetesHasTheSameRules() throws IOException {
    Map<?, ?> spec = (Map<?, ?>) Objects.requireNonNull(yaml(PROMETHEUS_RULE).get("spec"));
    assertThat(spec.get("groups"))
        .as("write it with docker/compose/prometheus/copy.sh")
        .isEqualTo(yaml(RULES).get("groups"));
    assertThat(Files.readString(CHART_RULES))
        .as("write it with docker/compose/prometheus/copy.sh")
        .isEqualTo(Files.readString(RULES));
  }

  private static Set<String> alerts() throws IOException {
    return rules().stream()
        .filter(rule -> rule.containsKey("alert"))
        .map(rule -> text(rule, "alert"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Map<?, ?>> rules() throws IOException {
    List<Map<?, ?>> rules = new ArrayList<>();
    for (Map<?, ?> group : list(yaml(RULES), "groups")) {
      rules.addAll(list(group, "rules"));
    }
    return rules;
  }

  private static List<Map<?, ?>> list(Map<?, ?> of, String name) {
    List<Map<?, ?>> members = new ArrayList<>();
    if (of.get(name) instanceof List<?> list) {
      list.forEach(member -> members.add((Map<?, ?>) member));
    }
    return members;
  }

  private static String text(Map<?, ?> of, String name) {
    return String.valueOf(of.get(name));
  }

  private static Map<String, @Nullable Object> yaml(Path file) throws IOException {
    LoaderOptions strict = new LoaderOptions();
    strict.setAllowDuplicateKeys(false);
    return new Yaml(new SafeConstructor(strict)).load(Files.readString(file));
  }
}
