package dev.perennial.app.migration;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of CSV (RFC 4180): quoted fields may hold commas, quotes and line ends. */
final class CsvReader {
  private static final int LONGEST_FIELD = 4 << 20;

  private final BufferedReader in;
  private long line = 1;

  CsvReader(BufferedReader in) {
    this.in = in;
  }

  /** Null at the end; an empty line is none. */
  @Nullable List<String> next() throws IOException {
    int first = read();
    while (first == '\n' || first == '\r') {
      first = read();
    }
    if (first < 0) {
      return null;
    }
    List<String> row = new ArrayList<>();
    int at = first;
    boolean more = true;
    while (more) {
      StringBuilder field = new StringBuilder();
      at = at == '"' ? quoted(field) : plain(at, field);
      row.add(field.toString());
      more = at == ',';
      at = more ? read() : at;
    }
    return row;
  }

  /** What stands behind the field. */
  private int plain(int first, StringBuilder field) throws IOException {
    int at = first;
    while (at >= 0 && at != ',' && at != '\n' && at != '\r') {
      add(field, at);
      at = read();
    }
    return at;
  }

  private int quoted(StringBuilder field) throws IOException {
    int at = read();
    while (at >= 0) {
      if (at == '"') {
        at = read();
        if (at != '"') {
          if (at >= 0 && at != ',' && at != '\n' && at != '\r') {
            throw new UnreadableSourceException("line " + line + ": text behind a quoted field");
          }
          return at;
        }
      }
      add(field, at);
      at = read();
    }
    throw new UnreadableSourceException("a quoted field does not end");
  }

  private void add(StringBuilder field, int character) {
    if (field.length() >= LONGEST_FIELD) {
      throw new UnreadableSourceException("line " + line + ": a field is too long");
    }
    field.append((char) character);
  }

  private int read() throws IOException {
    int read = in.read();
    line += read == '\n' ? 1 : 0;
    return read;
  }
}
