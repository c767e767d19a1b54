package dev.perennial.integration.template;

import java.util.List;

/** What stands inside <code>{{ }}</code>. Immutable. */
public sealed interface Expression {

  /** A number is a text of digits: the language only puts texts together. */
  record Text(String text) implements Expression {}

  record Name(Path path) implements Expression {}

  record Call(Function function, List<Expression> arguments) implements Expression {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /** A part of a list or an object. */
  record Index(Expression value, String key) implements Expression {}

  /** One text after the other. */
  record Join(List<Expression> terms) implements Expression {
    public Join {
      terms = List.copyOf(terms);
    }
  }

  /** The second where the first has no value. */
  record Default(Expression value, Expression fallback) implements Expression {}
}
