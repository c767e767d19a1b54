package dev.perennial.integration.template;

/** A piece of a template: literal text, or an expression whose value stands there. Immutable. */
public sealed interface Part {

  record Literal(String text) implements Part {}

  record Interpolation(Expression expression) implements Part {}
}
