package dev.perennial.app.migration;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of one record of another system. */
public sealed interface Converted {

  /** Which record it was, from 1. */
  long number();

  /**
   * A line for our import. Prints no token.
   *
   * @param name of the connection, ours
   * @param note what was changed on the way; empty where nothing was
   */
  record Line(long number, String name, Map<String, @Nullable Object> members, String note)
      implements Converted {
    // Not the compact form: javac then loses the type annotation.
    public Line(long number, String name, Map<String, @Nullable Object> members, String note) {
      this.number = number;
      this.name = name;
      this.members = members;
      this.note = note;
    }

    @Override
    public String toString() {
      return "Line[" + number + ", " + name + "]";
    }
  }

  /** A line that is ours already, and is sent as it is. Prints nothing of it. */
  record Raw(long number, String text) implements Converted {
    @Override
    public String toString() {
      return "Raw[" + number + "]";
    }
  }

  /**
   * What cannot be imported.
   *
   * @param name of the record, theirs; empty where it has none
   * @param why never a value of it
   */
  record Refused(long number, String name, String why) implements Converted {}
}
