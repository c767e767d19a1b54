package dev.perennial.integration.document;

/**
 * Where something stands in a definition file. Immutable.
 *
 * @param path JSON path, e.g. {@code oauth.refresh.data.client_id} or {@code
 *     initial_data_form[0].id}; empty for the file itself
 * @param line from 1
 * @param column in characters, from 1
 */
public record Place(String path, int line, int column) {

  /** The start of the file. */
  public static final Place FILE = new Place("", 1, 1);

  /** The same position under another path. */
  public Place member(String name) {
    return new Place(path.isEmpty() ? name : path + "." + name, line, column);
  }
}
