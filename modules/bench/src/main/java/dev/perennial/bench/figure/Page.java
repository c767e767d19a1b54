package dev.perennial.bench.figure;

import java.util.List;

/**
 * The part of a page between two comments that a run writes: {@code <!-- bench:NAME -->} and {@code
 * <!-- /bench:NAME -->}. Pure.
 */
public final class Page {
  private Page() {}

  /** The page cannot be written. */
  public static final class NoMarkersException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoMarkersException(String name) {
      super("the page has no part <!-- bench:" + name + " --> … <!-- /bench:" + name + " -->");
    }
  }

  /**
   * The page with that part written anew.
   *
   * @param about one line: machine, date, command
   * @throws NoMarkersException where the page has no such part
   */
  public static String with(String page, String name, String about, List<Figure> figures) {
    String open = "<!-- bench:" + name + " -->\n";
    String close = "<!-- /bench:" + name + " -->";
    int from = page.indexOf(open);
    int to = page.indexOf(close, Math.max(0, from));
    if (from < 0 || to < 0) {
      throw new NoMarkersException(name);
    }
    return page.substring(0, from + open.length())
        + about
        + "\n\n"
        + FigureTable.of(figures)
        + page.substring(to);
  }
}
