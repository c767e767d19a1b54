package dev.perennial.app.migration;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.ZoneId;
import java.util.Locale;
import java.util.function.Consumer;

/** Whose records they are. */
public enum Format {
  /** Our own lines, exported or written by hand. */
  JSON,
  /** What Nango's API answers of a connection. */
  NANGO,
  /** Rows of Spring Security's table {@code oauth2_authorized_client}, as JSON or CSV. */
  SPRING;

  /** As the command line has it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads to the end, one record at a time.
   *
   * @param zone of times that name none
   * @throws UnreadableSourceException where what follows cannot be told apart any more
   */
  public void read(BufferedReader in, Names names, ZoneId zone, Consumer<Converted> to)
      throws IOException {
    switch (this) {
      case JSON -> OwnLines.read(in, names, to);
      case NANGO -> {
        Nango nango = new Nango(names);
        Records.json(in, (number, record) -> to.accept(nango.convert(number, record)));
      }
      case SPRING -> {
        Spring spring = new Spring(names, zone);
        Records.jsonOrCsv(in, (number, record) -> to.accept(spring.convert(number, record)));
      }
    }
  }
}
