package dev.perennial.integration.template;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A text of a definition with the expressions in it, read by the grammar of docs/integrations.md.
 * Immutable.
 */
public record TemplateText(List<Part> parts) {

  /** Longest text, in characters: what is done with one takes time by its square. */
  static final int MAX_LENGTH = 16 * 1024;

  public TemplateText {
    parts = List.copyOf(parts);
  }

  /**
   * @throws TemplateSyntaxException where what stands inside <code>{{ }}</code> is not an
   *     expression, or the text is too long
   */
  public static TemplateText parse(String text) throws TemplateSyntaxException {
    if (text.length() > MAX_LENGTH) {
      throw new TemplateSyntaxException(
          MAX_LENGTH, "a text has at most " + MAX_LENGTH + " characters");
    }
    List<Part> parts = new ArrayList<>();
    int from = 0;
    for (int open = text.indexOf("{{"); open >= 0; open = text.indexOf("{{", from)) {
      if (open > from) {
        parts.add(new Part.Literal(text.substring(from, open)));
      }
      ExpressionParser parser = new ExpressionParser(text, open);
      parts.add(new Part.Interpolation(parser.parse()));
      from = parser.end();
    }
    if (from < text.length()) {
      parts.add(new Part.Literal(text.substring(from)));
    }
    return new TemplateText(parts);
  }

  /** One name and nothing else. */
  public static TemplateText ofName(String name) {
    Expression expression = new Expression.Name(new Path(List.of(name)));
    return new TemplateText(List.of(new Part.Interpolation(expression)));
  }

  /** Literal text, whatever stands in it. */
  public static TemplateText ofLiteral(String text) {
    return new TemplateText(List.of(new Part.Literal(text)));
  }

  public boolean isEmpty() {
    return parts.isEmpty();
  }

  /** Whether there is nothing in it but literal text. */
  public boolean isLiteral() {
    return parts.stream().allMatch(Part.Literal.class::isInstance);
  }

  /** Whether it is one expression and nothing else. */
  public boolean isOneExpression() {
    return parts.size() == 1 && parts.getFirst() instanceof Part.Interpolation;
  }

  /** The literal text, without what the expressions bring. */
  public String literal() {
    StringBuilder literal = new StringBuilder();
    for (Part part : parts) {
      if (part instanceof Part.Literal(String text)) {
        literal.append(text);
      }
    }
    return literal.toString();
  }

  /** Cuts at the first of some signs that stands in literal text. */
  public Cut cut(String signs) {
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i) instanceof Part.Literal(String text)) {
        for (int at = 0; at < text.length(); at++) {
          if (signs.indexOf(text.charAt(at)) >= 0) {
            return new Cut(
                to(i, text.substring(0, at)), text.charAt(at), from(i, text.substring(at + 1)));
          }
        }
      }
    }
    return new Cut(this, '\0', new TemplateText(List.of()));
  }

  private TemplateText to(int part, String last) {
    List<Part> kept = new ArrayList<>(parts.subList(0, part));
    if (!last.isEmpty()) {
      kept.add(new Part.Literal(last));
    }
    return new TemplateText(kept);
  }

  private TemplateText from(int part, String first) {
    List<Part> kept = new ArrayList<>();
    if (!first.isEmpty()) {
      kept.add(new Part.Literal(first));
    }
    kept.addAll(parts.subList(part + 1, parts.size()));
    return new TemplateText(kept);
  }

  /** Each name that is read, in order, with repetitions. */
  public List<Use> uses() {
    List<Use> uses = new ArrayList<>();
    for (Part part : parts) {
      if (part instanceof Part.Interpolation(Expression expression)) {
        collect(expression, false, uses::add);
      }
    }
    return uses;
  }

  /** Whether a name is read, alone or with a way into its parts. */
  public boolean reads(String name) {
    return uses().stream().anyMatch(use -> use.path().name().equals(name));
  }

  private static void collect(Expression expression, boolean optional, Consumer<Use> uses) {
    switch (expression) {
      case Expression.Name(Path path) -> uses.accept(new Use(path, optional));
      case Expression.Call(var _, var arguments) ->
          arguments.forEach(argument -> collect(argument, optional, uses));
      case Expression.Index(Expression value, var _) -> collect(value, optional, uses);
      case Expression.Join(var terms) -> terms.forEach(term -> collect(term, optional, uses));
      case Expression.Default(Expression value, Expression fallback) -> {
        collect(value, true, uses);
        collect(fallback, optional, uses);
      }
      case Expression.Text _ -> {}
    }
  }

  /**
   * @param sign the sign between the two halves, 0 where there is none
   */
  public record Cut(TemplateText before, char sign, TemplateText after) {}

  /**
   * @param optional a default stands in where it has no value
   */
  public record Use(Path path, boolean optional) {}
}
