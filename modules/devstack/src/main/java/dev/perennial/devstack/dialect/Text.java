package dev.perennial.devstack.dialect;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with placeholders: {@code Bearer $access_token}. Two dollar signs are one. Immutable.
 *
 * @param pieces in their order
 */
record Text(List<Piece> pieces) {
  private static final Pattern PLACEHOLDER =
      Pattern.compile(
          "\\$(\\$|(?:access_token|refresh_token)(?:\\.[a-z0-9]+)?|[a-z]+(?:_[a-z0-9]+)*)");

  /** A part of a text. */
  sealed interface Piece {
    /** Itself. */
    record Literal(String text) implements Piece {}

    /** Something that is known only while the dialect is played, without its dollar sign. */
    record Placeholder(String name) implements Piece {}
  }

  Text {
    pieces = List.copyOf(pieces);
  }

  /**
   * @throws IllegalArgumentException for a placeholder that does not exist
   */
  static Text of(String source) {
    List<Piece> pieces = new ArrayList<>();
    Matcher found = PLACEHOLDER.matcher(source);
    StringBuilder literal = new StringBuilder();
    int end = 0;
    while (found.find()) {
      literal.append(source, end, found.start());
      end = found.end();
      String name = String.valueOf(found.group(1));
      if (name.equals("$")) {
        literal.append('$');
      } else {
        addLiteral(pieces, literal);
        pieces.add(new Piece.Placeholder(Placeholders.checked(name)));
      }
    }
    literal.append(source, end, source.length());
    addLiteral(pieces, literal);
    return new Text(pieces);
  }

  private static void addLiteral(List<Piece> pieces, StringBuilder literal) {
    if (!literal.isEmpty()) {
      pieces.add(new Piece.Literal(literal.toString()));
      literal.setLength(0);
    }
  }

  /** Whether it is one placeholder and nothing else. */
  boolean isPlaceholder() {
    return pieces.size() == 1 && pieces.getFirst() instanceof Piece.Placeholder;
  }

  /** The placeholders in it. */
  List<String> placeholders() {
    return pieces.stream()
        .filter(Piece.Placeholder.class::isInstance)
        .map(piece -> ((Piece.Placeholder) piece).name())
        .toList();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Piece piece : pieces) {
      switch (piece) {
        case Piece.Literal literal -> text.append(literal.text());
        case Piece.Placeholder placeholder -> text.append('$').append(placeholder.name());
      }
    }
    return text.toString();
  }
}
