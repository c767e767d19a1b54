package dev.perennial.integration.schema;

import dev.perennial.integration.document.Nearest;
import java.util.List;
import java.util.Set;

/** What is said of a key that an object does not have. */
final class UnknownKey {

  /** Keys that stand beside the oauth object, not in it. */
  private static final Set<String> BESIDE = Set.of("headers", "initial_data_form");

  private UnknownKey() {}

  static String reason(String key, List<String> known) {
    String reason = "unknown key '" + key + "'";
    if (BESIDE.contains(key)) {
      return reason + "; it belongs beside oauth, not into it";
    }
    if (key.equals("then")) {
      return reason + "; requests that follow belong to access_token and refresh";
    }
    String hint = Nearest.hint(key, known.stream());
    return reason
        + (hint.isEmpty()
            ? "; there are " + String.join(", ", known.stream().sorted().toList())
            : hint);
  }
}
