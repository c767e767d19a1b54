package dev.perennial.integration.template;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads one expression, by descent:
 *
 * <pre>
 * expr    := term ("+" term)*
 * term    := primary ["!" primary]
 * primary := "text" | integer | path | function(args) | (expr) | primary[index]
 * path    := name ("." segment | [index])*
 * index   := integer | "text"
 * </pre>
 *
 * and after it any number of {@code |safe} and {@code |urlencode}, which do nothing. Not
 * thread-safe.
 */
final class ExpressionParser {

  /** Parentheses and calls within each other. */
  static final int MAX_DEPTH = 16;

  /** Texts, numbers, names and calls in one expression. */
  static final int MAX_TERMS = 100;

  private final Lexer lexer;
  private Token token;
  private int depth;
  private int terms;

  ExpressionParser(String template, int open) throws TemplateSyntaxException {
    this.lexer = new Lexer(template, open);
    this.token = lexer.next();
  }

  Expression parse() throws TemplateSyntaxException {
    if (token.kind() == Token.Kind.CLOSE) {
      throw error("nothing stands inside {{ }}");
    }
    Expression expression = expression();
    while (token.is("|")) {
      advance();
      filter();
    }
    if (token.kind() != Token.Kind.CLOSE) {
      throw error("unexpected " + token.shown());
    }
    return expression;
  }

  /** Offset after the closing braces, once parsed. */
  int end() {
    return lexer.offset();
  }

  private void filter() throws TemplateSyntaxException {
    boolean known = token.text().equals("safe") || token.text().equals("urlencode");
    if (token.kind() != Token.Kind.WORD || !known) {
      throw error("only |safe and |urlencode may follow, and they do nothing");
    }
    advance();
  }

  private Expression expression() throws TemplateSyntaxException {
    List<Expression> all = new ArrayList<>(List.of(term()));
    while (token.is("+")) {
      advance();
      all.add(term());
    }
    return all.size() == 1 ? all.getFirst() : new Expression.Join(all);
  }

  private Expression term() throws TemplateSyntaxException {
    Expression value = primary();
    if (!token.is("!")) {
      return value;
    }
    advance();
    return new Expression.Default(value, primary());
  }

  private Expression primary() throws TemplateSyntaxException {
    if (++terms > MAX_TERMS) {
      throw error("an expression has at most " + MAX_TERMS + " terms");
    }
    Token first = token;
    advance();
    return indexed(
        switch (first.kind()) {
          case TEXT, INTEGER -> new Expression.Text(first.text());
          case WORD -> token.is("(") ? call(first) : new Expression.Name(path(first));
          case SIGN -> {
            if (!first.is("(")) {
              throw at(first, "expected a name, a text or a number, found " + first.shown());
            }
            yield nested();
          }
          case CLOSE -> throw at(first, "the expression ends too early");
        });
  }

  /** An index behind parentheses or a call; behind a name it belongs to the path. */
  private Expression indexed(Expression value) throws TemplateSyntaxException {
    Expression indexed = value;
    for (int i = 0; token.is("["); i++) {
      if (i == MAX_DEPTH) {
        throw error("more than " + MAX_DEPTH + " indexes");
      }
      advance();
      indexed = new Expression.Index(indexed, index());
    }
    return indexed;
  }

  private Expression nested() throws TemplateSyntaxException {
    enter();
    Expression inner = expression();
    leave(")");
    return inner;
  }

  private Expression call(Token name) throws TemplateSyntaxException {
    Function function = Function.of(name.text()).orElseThrow(() -> unknownFunction(name));
    advance();
    enter();
    List<Expression> arguments = new ArrayList<>();
    while (!token.is(")")) {
      if (!arguments.isEmpty()) {
        expect(",");
      }
      arguments.add(expression());
    }
    leave(")");
    if (arguments.size() != function.arity()) {
      throw at(name, function.signature() + " takes " + function.arity() + " arguments");
    }
    return new Expression.Call(function, arguments);
  }

  private static TemplateSyntaxException unknownFunction(Token name) {
    return at(
        name,
        "there is no function '"
            + name.text()
            + "'; there are "
            + String.join(", ", Function.signatures()));
  }

  private Path path(Token name) throws TemplateSyntaxException {
    if (!Character.isLetter(name.text().charAt(0)) && name.text().charAt(0) != '_') {
      throw at(name, "a name starts with a letter: '" + name.text() + "'");
    }
    List<String> segments = new ArrayList<>(List.of(name.text()));
    while (token.is(".") || token.is("[")) {
      boolean dot = token.is(".");
      advance();
      segments.add(dot ? segment() : index());
      if (segments.size() > MAX_DEPTH) {
        throw error("a path has at most " + MAX_DEPTH + " parts");
      }
    }
    return new Path(segments);
  }

  private String segment() throws TemplateSyntaxException {
    if (token.kind() != Token.Kind.WORD && token.kind() != Token.Kind.INTEGER) {
      throw error("expected a name or a number after '.', found " + token.shown());
    }
    return take();
  }

  private String index() throws TemplateSyntaxException {
    if (token.kind() != Token.Kind.TEXT && token.kind() != Token.Kind.INTEGER) {
      throw error("expected a number or a \"text\" in [ ], found " + token.shown());
    }
    String index = take();
    expect("]");
    return index;
  }

  private String take() throws TemplateSyntaxException {
    String text = token.text();
    advance();
    return text;
  }

  private void enter() throws TemplateSyntaxException {
    if (++depth > MAX_DEPTH) {
      throw error("more than " + MAX_DEPTH + " levels of parentheses");
    }
  }

  private void leave(String sign) throws TemplateSyntaxException {
    expect(sign);
    depth--;
  }

  private void expect(String sign) throws TemplateSyntaxException {
    if (!token.is(sign)) {
      throw error("expected '" + sign + "', found " + token.shown());
    }
    advance();
  }

  /** The closing braces are the last token: what follows them is literal text again. */
  private void advance() throws TemplateSyntaxException {
    if (token.kind() != Token.Kind.CLOSE) {
      token = lexer.next();
    }
  }

  private TemplateSyntaxException error(String reason) {
    return at(token, reason);
  }

  private static TemplateSyntaxException at(Token token, String reason) {
    return new TemplateSyntaxException(token.offset(), reason);
  }
}
