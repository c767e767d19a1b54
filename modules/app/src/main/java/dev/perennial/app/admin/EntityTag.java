package dev.perennial.app.admin;

import dev.perennial.domain.credential.CredentialState;
import java.util.List;

/**
 * Entity tags of connections (RFC 9110 section 8.8.3): grant and version, which never come twice.
 */
final class EntityTag {
  private EntityTag() {}

  /** Without the quotes that a header wants. */
  static String of(CredentialState state) {
    return state.grant() + "-" + state.version();
  }

  static String quoted(CredentialState state) {
    return "\"" + of(state) + "\"";
  }

  /**
   * Whether one of the tags is that of the state; {@code *} is that of every one.
   *
   * @param tags as in a header, several in one separated by commas; quotes may be missing
   */
  static boolean matches(List<String> tags, CredentialState state) {
    String tag = of(state);
    return tags.stream()
        .flatMap(it -> List.of(it.split(",")).stream())
        .map(EntityTag::bare)
        .anyMatch(it -> it.equals("*") || it.equals(tag));
  }

  private static String bare(String tag) {
    String strong = tag.strip();
    strong = strong.startsWith("W/") ? strong.substring(2) : strong;
    boolean quoted = strong.length() > 1 && strong.startsWith("\"") && strong.endsWith("\"");
    return quoted ? strong.substring(1, strong.length() - 1) : strong;
  }
}
