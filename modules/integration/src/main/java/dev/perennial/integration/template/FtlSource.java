package dev.perennial.integration.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A template of ours written for FreeMarker. Only what this class writes is ever parsed by
 * FreeMarker: names become {@code p0}, {@code p1}, …, texts are written in escapes, each term has
 * its own parentheses. So no built-in, directive or name of an author's choice reaches it.
 */
final class FtlSource {

  /** Before the name of a function. */
  static final String FUNCTION = "f_";

  /** Takes a part of a value. */
  static final String AT = "at";

  private final StringBuilder source = new StringBuilder();
  private final List<Path> paths = new ArrayList<>();

  FtlSource(TemplateText text, Position position) {
    for (Part part : text.parts()) {
      switch (part) {
        case Part.Literal(String literal) -> literal(position.literal(literal));
        case Part.Interpolation(Expression expression) -> {
          source.append("[=");
          write(expression);
          source.append(']');
        }
      }
    }
  }

  String source() {
    return source.toString();
  }

  /** What {@code p0}, {@code p1}, … stand for. */
  List<Path> paths() {
    return List.copyOf(paths);
  }

  /** The only sign that FreeMarker reads outside its own tags here is the square bracket. */
  private void literal(String text) {
    source.append(text.replace("[", "[='['?no_esc]"));
  }

  private void write(Expression expression) {
    switch (expression) {
      case Expression.Text(String text) -> quote(text);
      case Expression.Name(Path path) -> {
        source.append('p').append(paths.size());
        paths.add(path);
      }
      case Expression.Call(Function function, var arguments) ->
          call(FUNCTION + function.name().toLowerCase(Locale.ROOT), arguments);
      case Expression.Index(Expression value, String key) ->
          call(AT, List.of(value, new Expression.Text(key)));
      case Expression.Join(var terms) -> join(terms, " + ");
      case Expression.Default(Expression value, Expression fallback) ->
          join(List.of(value, fallback), "!");
    }
  }

  private void call(String name, List<Expression> arguments) {
    source.append(name).append('(');
    for (int i = 0; i < arguments.size(); i++) {
      source.append(i == 0 ? "" : ", ");
      write(arguments.get(i));
    }
    source.append(')');
  }

  private void join(List<Expression> terms, String sign) {
    source.append('(');
    for (int i = 0; i < terms.size(); i++) {
      source.append(i == 0 ? "(" : sign + "(");
      write(terms.get(i));
      source.append(')');
    }
    source.append(')');
  }

  private void quote(String text) {
    source.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      source.append(plain ? String.valueOf(c) : String.format("\\x%04X", (int) c));
    }
    source.append('"');
  }
}
