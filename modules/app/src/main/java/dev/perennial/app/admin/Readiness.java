package dev.perennial.app.admin;

import java.util.List;

/** Whether this process can do its work now. Thread-safe; answers within a second or so. */
@FunctionalInterface
public interface Readiness {

  /** Each thing that must be well, at every call anew. */
  List<Check> checks();

  /**
   * @param name e.g. {@code redis}
   * @param detail what is wrong and where; empty where it is well; never a secret
   */
  record Check(String name, boolean ready, String detail) {
    public static Check up(String name) {
      return new Check(name, true, "");
    }

    public static Check down(String name, String detail) {
      return new Check(name, false, detail);
    }
  }
}
