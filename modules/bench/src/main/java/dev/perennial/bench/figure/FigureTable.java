package dev.perennial.bench.figure;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Figures as a table in Markdown, which people can read as it is. */
public final class FigureTable {
  private static final List<String> HEAD =
      List.of("row", "median", "min", "max", "unit", "bar", "goal", "reached");

  private FigureTable() {}

  public static String of(List<Figure> figures) {
    List<List<String>> rows = figures.stream().map(FigureTable::row).toList();
    int[] widths = new int[HEAD.size()];
    for (int column = 0; column < widths.length; column++) {
      widths[column] = width(rows, column);
    }
    return line(HEAD, widths)
        + rule(widths)
        + rows.stream().map(row -> line(row, widths)).collect(Collectors.joining());
  }

  private static int width(List<List<String>> rows, int column) {
    int widest = HEAD.get(column).length();
    for (List<String> row : rows) {
      widest = Math.max(widest, row.get(column).length());
    }
    return widest;
  }

  private static List<String> row(Figure figure) {
    Spread value = figure.value();
    return List.of(
        figure.name(),
        Figure.number(value.median()),
        Figure.number(value.least()),
        Figure.number(value.most()),
        figure.unit(),
        bar(figure.target()),
        goal(figure.target()),
        figure.target() == null ? "" : figure.target().judge(value));
  }

  private static String bar(@Nullable Target target) {
    return target == null ? "" : sign(target) + " " + Figure.number(target.bar());
  }

  private static String goal(@Nullable Target target) {
    return target == null ? "" : sign(target) + " " + Figure.number(target.goal());
  }

  private static String sign(Target target) {
    return target.wanted() == Target.Wanted.HIGH ? ">=" : "<=";
  }

  private static String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = cells.get(i);
      line.append("| ").append(cell).append(" ".repeat(widths[i] - cell.length() + 1));
    }
    return line.append("|\n").toString();
  }

  private static String rule(int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int width : widths) {
      line.append('|').append("-".repeat(width + 2));
    }
    return line.append("|\n").toString();
  }
}
