package dev.perennial.integration.template;

import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Short ways to compile and render a template. */
final class Rendering {
  private Rendering() {}

  static Values valuesOf(Map<String, ? extends @Nullable Object> all) {
    return new Values() {
      @Override
      public @Nullable Object find(Path path) {
        return JsonValues.part(all.get(path.name()), path.rest());
      }

      @Override
      public String remedy(Path path) {
        return "";
      }

      @Override
      public RandomGenerator random() {
        return new Random(42);
      }

      @Override
      public Values withBody(String body) {
        return this;
      }
    };
  }

  static CompiledText compile(String text, Position position) {
    try {
      return CompiledText.compile("acme: url", TemplateText.parse(text), position);
    } catch (TemplateSyntaxException e) {
      throw new AssertionError(text, e);
    }
  }

  static String render(String text, Position position, String value) {
    return compile(text, position).render(valuesOf(Map.of("A", value)));
  }
}
