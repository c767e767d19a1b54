package dev.perennial.integration.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.perennial.domain.definition.RenderingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What holds for any text of a template. */
final class TemplateInvariants {

  /** Its names have values that no message may show. */
  private static final String PLANTED = "PLANTED";

  private static final Map<String, Object> VALUES =
      Map.of(
          "A",
          PLANTED,
          "n",
          12,
          "oauth",
          Map.of("data", List.of(PLANTED, 1.5, true), "jwt", "a.eyJzdWIiOiJQTEFOVEVEIn0.b"),
          "hostile",
          "[=p0]${A}<#assign a=1>{{ A }}" + PLANTED);

  private static final Duration MOST = Duration.ofSeconds(5);

  private TemplateInvariants() {}

  static void parsing(byte[] input) {
    holds(new String(input, StandardCharsets.UTF_8));
  }

  /** The same inside of the braces, where most of the language is. */
  static void expression(byte[] input) {
    holds("{{" + new String(input, StandardCharsets.UTF_8) + "}}");
  }

  private static void holds(String text) {
    assertTimeout(MOST, () -> check(text));
  }

  private static void check(String text) {
    TemplateText template;
    try {
      template = TemplateText.parse(text);
    } catch (TemplateSyntaxException e) {
      assertThat(e).message().startsWith("at character ");
      return;
    }
    assertThat(template.isLiteral()).isEqualTo(!text.contains("{{"));
    for (Position position : Position.values()) {
      render(CompiledText.compile("acme: url", template, position), text);
    }
  }

  private static void render(CompiledText compiled, String text) {
    try {
      String rendered = compiled.render(Rendering.valuesOf(VALUES));
      assertThat(rendered).hasSizeLessThanOrEqualTo(CompiledText.MAX_OUTPUT);
    } catch (RenderingException e) {
      assertThat(e).message().startsWith("acme: url: ");
      if (!text.contains(PLANTED)) {
        assertThat(e).message().doesNotContain(PLANTED);
      }
    }
  }
}
