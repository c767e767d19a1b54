package dev.perennial.integration.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A text of literal parts and bare names, which is nearly every one. There is nothing in it to
 * evaluate, so it is put together here and not by FreeMarker, which makes an environment of its own
 * for each text; what comes out is the same. Immutable.
 *
 * @param pieces literals encoded already, and names
 */
record BareText(List<Piece> pieces, Position position) {

  /** Literal text or a name. */
  sealed interface Piece {
    record Literal(String encoded) implements Piece {}

    record Name(Path path) implements Piece {}
  }

  BareText {
    pieces = List.copyOf(pieces);
  }

  /** Empty where something is to be evaluated. */
  static Optional<BareText> of(TemplateText text, Position position) {
    List<Piece> pieces = new ArrayList<>();
    for (Part part : text.parts()) {
      switch (part) {
        case Part.Literal(String literal) ->
            pieces.add(new Piece.Literal(position.literal(literal)));
        case Part.Interpolation(Expression.Name(Path path)) -> pieces.add(new Piece.Name(path));
        case Part.Interpolation _ -> {
          return Optional.empty();
        }
      }
    }
    return Optional.of(new BareText(pieces, position));
  }

  /**
   * @return false where a name has no value; the evaluation knows which
   * @throws Refused where a value may not stand here, or there is too much of it
   */
  boolean write(Evaluation evaluation, BoundedWriter out) {
    for (Piece piece : pieces) {
      switch (piece) {
        case Piece.Literal(String text) -> out.write(text, 0, text.length());
        case Piece.Name(Path path) -> {
          String value = evaluation.text(path);
          if (value == null) {
            return false;
          }
          String encoded = position.value(value);
          out.write(encoded, 0, encoded.length());
        }
      }
    }
    return true;
  }
}
