package dev.perennial.integration.request;

import dev.perennial.integration.template.CompiledText;
import dev.perennial.integration.template.Position;
import dev.perennial.integration.template.TemplateText;
import dev.perennial.integration.template.Values;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A parameter of a query or a form body. Immutable.
 *
 * @param value null where there is not even an equals sign
 * @param leftOutWhenEmpty its whole value is one template of the author's
 */
public record Parameter(CompiledText name, @Nullable CompiledText value, boolean leftOutWhenEmpty) {

  /** As an author wrote it. */
  public static Parameter written(
      String where, TemplateText name, @Nullable TemplateText value, Position position) {
    return new Parameter(
        CompiledText.compile(where, name, position),
        value == null ? null : CompiledText.compile(where, value, position),
        value != null && value.isOneExpression());
  }

  /** Added by us: the code, the state, the challenge, the verifier. */
  public static Parameter added(String where, String name, TemplateText value, Position position) {
    return new Parameter(
        CompiledText.compile(where, TemplateText.ofLiteral(name), position),
        CompiledText.compile(where, value, position),
        false);
  }

  /** Whether its name is this one, as written. */
  public boolean isNamed(String text) {
    return name.source().isLiteral() && name.source().literal().equals(text);
  }

  /** {@code name=value&name=value}, encoded, without those that are left out. */
  static String render(List<Parameter> parameters, Values values) {
    StringBuilder all = new StringBuilder();
    String between = "";
    for (Parameter parameter : parameters) {
      String rendered = parameter.value == null ? "" : parameter.value.render(values);
      if (!parameter.leftOutWhenEmpty || !rendered.isEmpty()) {
        all.append(between).append(parameter.name.render(values));
        if (parameter.value != null) {
          all.append('=').append(rendered);
        }
        between = "&";
      }
    }
    return all.toString();
  }
}
