package dev.perennial.app.role;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The four stages, each to be run as its own worker pool or together. */
public enum Role {
  INGRESS,
  EXCHANGER,
  SCHEDULER,
  CREDENTIALS;

  /** The name on the command line, e.g. {@code ingress}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads {@code ingress,exchanger}; {@code all} is every role.
   *
   * @throws IllegalArgumentException naming what is no role, and the roles there are
   */
  public static Set<Role> parse(String text) {
    if (text.equals("all")) {
      return EnumSet.allOf(Role.class);
    }
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (String part : text.split(",", -1)) {
      roles.add(one(part.strip()));
    }
    return roles;
  }

  /** In the order in which they begin. */
  static List<Role> ordered(Set<Role> roles) {
    return roles.stream().sorted().toList();
  }

  private static Role one(String text) {
    return Arrays.stream(values())
        .filter(role -> role.text().equals(text))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("'" + text + "' is no role; there are " + names()));
  }

  private static String names() {
    return Arrays.stream(values()).map(Role::text).collect(Collectors.joining(", "));
  }
}
