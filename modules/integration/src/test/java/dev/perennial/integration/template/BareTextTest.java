package dev.perennial.integration.template;

import static org.assertj.core.api.Assertions.assertThat;

import freemarker.template.TemplateException;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is put together without FreeMarker is what FreeMarker makes of it. */
class BareTextTest {
  private static final long SEED = 20_261_128;
  private static final int ROUNDS = 500;
  private static final int[] SIGNS =
      "aZ09 -._~%/:?&=+[]{}#\"\\\n\té\u2003\ud83d\ude00".codePoints().toArray();
  private static final List<Object> ODD =
      List.of(
          "",
          true,
          0,
          3_600L,
          new BigDecimal("1e3"),
          new BigDecimal("1e999"),
          0.5,
          List.of(),
          Map.of(),
          "\ud83d",
          "x".repeat(JsonValues.MAX_TEXT + 1));

  private final SplittableRandom random = new SplittableRandom(SEED);

  /** The names a, b and c. */
  private record Given(Map<String, Object> all) implements Values {
    @Override
    public @Nullable Object find(Path path) {
      return all.get(path.name());
    }

    @Override
    public String remedy(Path path) {
      return "";
    }

    @Override
    public RandomGenerator random() {
      return new SplittableRandom(1);
    }

    @Override
    public Values withBody(String body) {
      return this;
    }
  }

  private String signs() {
    StringBuilder text = new StringBuilder();
    for (int left = random.nextInt(12); left > 0; left--) {
      text.appendCodePoint(SIGNS[random.nextInt(SIGNS.length)]);
    }
    return text.toString();
  }

  private TemplateText text() {
    List<Part> parts = new ArrayList<>();
    for (int left = 1 + random.nextInt(4); left > 0; left--) {
      String name = "abc".substring(random.nextInt(3)).substring(0, 1);
      parts.add(
          random.nextBoolean()
              ? new Part.Literal(signs())
              : new Part.Interpolation(new Expression.Name(new Path(List.of(name)))));
    }
    return new TemplateText(parts);
  }

  private Values values() {
    Map<String, Object> all = new HashMap<>();
    for (String name : List.of("a", "b", "c")) {
      int kind = random.nextInt(8);
      if (kind > 1) {
        all.put(name, signs());
      } else if (kind == 1) {
        all.put(name, ODD.get(random.nextInt(ODD.size())));
      }
    }
    return new Given(all);
  }

  @Test
  void bothWaysSayTheSame() {
    int refused = 0;
    int missing = 0;
    for (int round = 0; round < ROUNDS; round++) {
      TemplateText text = text();
      Values values = values();
      for (Position position : Position.values()) {
        String quick = bare(text, position, values);
        assertThat(quick).as("%s in %s", text, position).isEqualTo(ftl(text, position, values));
        refused += quick.startsWith("refused") ? 1 : 0;
        missing += quick.startsWith("missing") ? 1 : 0;
      }
    }
    assertThat(refused).isGreaterThan(100);
    assertThat(missing).isGreaterThan(100);
  }

  private static String bare(TemplateText text, Position position, Values values) {
    BoundedWriter out = new BoundedWriter(CompiledText.MAX_OUTPUT);
    Evaluation evaluation = new Evaluation(List.of(), values);
    try {
      boolean all = BareText.of(text, position).orElseThrow().write(evaluation, out);
      return all ? "text " + out : "missing " + evaluation.missing();
    } catch (Refused e) {
      return "refused " + e.getMessage();
    }
  }

  private static String ftl(TemplateText text, Position position, Values values) {
    BoundedWriter out = new BoundedWriter(CompiledText.MAX_OUTPUT);
    FtlSource source = new FtlSource(text, position);
    Evaluation evaluation = new Evaluation(source.paths(), values);
    try {
      FreeMarker.compile(source.source(), position).process(evaluation, out);
      return "text " + out;
    } catch (Refused e) {
      return "refused " + e.getMessage();
    } catch (TemplateException e) {
      return "missing " + evaluation.missing();
    } catch (IOException e) {
      throw new AssertionError("a writer in memory does not fail", e);
    }
  }

  @Test
  void whatIsToBeEvaluatedIsNotBare() throws TemplateSyntaxException {
    for (String evaluated : List.of("{{ x!\"d\" }}", "{{ base64(x) }}", "{{ x + y }}")) {
      assertThat(BareText.of(TemplateText.parse(evaluated), Position.PLAIN))
          .as(evaluated)
          .isEmpty();
    }
  }
}
