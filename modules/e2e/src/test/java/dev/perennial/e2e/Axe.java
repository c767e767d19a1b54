package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/** The rules of axe-core (WCAG 2.2, levels A and AA, and its best practices) on a page. */
final class Axe {
  private static final String SCRIPT = script();

  private static final String RUN =
      """
      axe.run(document, {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a',
          'wcag21aa', 'wcag22aa', 'best-practice']})
        .then(found => ({passed: found.passes.length, violations: found.violations.map(v =>
          v.id + ': ' + v.help + ' ' + v.nodes.map(n => '\\n    ' + n.target.join(' ') + ': '
            + [...n.any, ...n.all, ...n.none].map(c => c.message).join('; ')).join(''))}))
      """;

  private Axe() {}

  /** Fails with each rule that the page breaks as it is shown now, and where. */
  static void check(ChromiumPage page, String name) {
    page.value(SCRIPT);
    JsonNode found = page.value(RUN);
    assertThat(found.path("passed").asInt()).as(name + ": rules that were looked at").isPositive();
    List<String> violations = new ArrayList<>();
    found.path("violations").forEach(violation -> violations.add(violation.asString()));
    assertThat(violations).as(name).isEmpty();
  }

  private static String script() {
    try (InputStream script = Axe.class.getResourceAsStream("/axe.min.js")) {
      return new String(
          Objects.requireNonNull(script, "axe.min.js").readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
