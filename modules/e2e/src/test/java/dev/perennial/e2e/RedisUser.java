package dev.perennial.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The user of Redis that docs/redis.md tells an operator to make, word by word. */
final class RedisUser {
  private static final Path PAGE = Path.of("../../docs/redis.md");
  private static final Pattern COMMAND =
      Pattern.compile("(?s)```\\nACL SETUSER (perennial .*?)```");
  private static final Pattern CLUSTER = Pattern.compile("On a cluster also `([^`]+)`");
  static final String PASSWORD = "e2e-redis-word";

  private RedisUser() {}

  /** As options of redis-server. */
  static String[] options() {
    List<String> options = new ArrayList<>(List.of("--user"));
    options.addAll(rules());
    return options.toArray(String[]::new);
  }

  /** The user's name and rules, those for a cluster too. */
  static List<String> rules() {
    String page = page();
    String all = found(COMMAND, page) + " " + found(CLUSTER, page);
    return List.of(all.replace("PASSWORD", PASSWORD).strip().split("\\s+"));
  }

  private static String found(Pattern pattern, String page) {
    Matcher matcher = pattern.matcher(page);
    if (!matcher.find()) {
      throw new IllegalStateException(PAGE + " has no " + pattern);
    }
    return String.valueOf(matcher.group(1));
  }

  private static String page() {
    try {
      return Files.readString(PAGE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
