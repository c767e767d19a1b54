package dev.perennial.integration;

import dev.perennial.integration.template.Expression;
import dev.perennial.integration.template.Part;
import dev.perennial.integration.template.TemplateText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whether a per-connection variable could name any host. It could not where the definition lists
 * its {@code options}, where literal text with two labels follows it ({@code .shop.example}), or
 * where its {@code pattern} ends in such text. Immutable.
 *
 * @param variables the per-connection ones, by id
 */
record ConnectionHosts(Map<String, Variable> variables) {

  /** What fixes a domain: a dot, a label, a dot, a label. */
  private static final Pattern TAIL = Pattern.compile(".*\\.[A-Za-z0-9-]+\\.[A-Za-z0-9-]+");

  /** The same in a regular expression. */
  private static final Pattern PATTERN_TAIL =
      Pattern.compile(".*\\\\\\.[A-Za-z0-9-]+\\\\\\.[A-Za-z0-9-]+", Pattern.DOTALL);

  ConnectionHosts {
    variables = Map.copyOf(variables);
  }

  /**
   * @param url the text renders a whole URL, the end of which need not be its host's
   */
  Optional<String> free(TemplateText text, boolean url) {
    List<Part> parts = text.parts();
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i) instanceof Part.Interpolation(Expression expression)
          && (url || !TAIL.matcher(after(parts, i)).matches())) {
        Optional<String> free = free(expression, url);
        if (free.isPresent()) {
          return free;
        }
      }
    }
    return Optional.empty();
  }

  private static String after(List<Part> parts, int index) {
    StringBuilder after = new StringBuilder();
    for (Part part : parts.subList(index + 1, parts.size())) {
      after.append(part instanceof Part.Literal(String literal) ? literal : "x");
    }
    return after.toString();
  }

  private Optional<String> free(Expression expression, boolean url) {
    return new TemplateText(List.of(new Part.Interpolation(expression)))
        .uses().stream()
            .map(use -> use.path().name())
            .filter(name -> isFree(name, isPlain(expression) && !url))
            .findFirst();
  }

  /** The value itself, not a part of it or something made of it. */
  private static boolean isPlain(Expression expression) {
    return switch (expression) {
      case Expression.Name _ -> true;
      case Expression.Default(Expression value, Expression fallback) ->
          value instanceof Expression.Name && fallback instanceof Expression.Text;
      case Expression.Text _, Expression.Call _, Expression.Index _, Expression.Join _ -> false;
    };
  }

  private boolean isFree(String name, boolean plain) {
    Variable variable = variables.get(name);
    return variable != null
        && variable.options().isEmpty()
        && !(plain && variable.pattern() != null && endsInDomain(variable.pattern().pattern()));
  }

  /** An alternative, a quotation or a flag could make the end something else. */
  private static boolean endsInDomain(String pattern) {
    return PATTERN_TAIL.matcher(pattern).matches()
        && !pattern.contains("\\Q")
        && !pattern.replace("(?:", "(").contains("(?")
        && !hasAlternative(pattern);
  }

  private static boolean hasAlternative(String pattern) {
    int depth = 0;
    boolean set = false;
    for (int i = 0; i < pattern.length(); i++) {
      switch (pattern.charAt(i)) {
        case '\\' -> i++;
        case '[' -> set = true;
        case ']' -> set = false;
        case '(' -> depth += set ? 0 : 1;
        case ')' -> depth -= set ? 0 : 1;
        case '|' -> {
          if (depth == 0 && !set) {
            return true;
          }
        }
        default -> {}
      }
    }
    return false;
  }
}
