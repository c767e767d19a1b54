package dev.perennial.devstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The user of Redis that a page tells an operator to make, word by word, so that what runs as that
 * user shows whether the page is right. Immutable.
 *
 * @param rules the user's name and rules, those for a cluster too
 */
public record RedisUser(List<String> rules) {
  public static final String PASSWORD = "word-of-a-test";

  private static final Pattern COMMAND =
      Pattern.compile("(?s)```\\nACL SETUSER (perennial .*?)```");
  private static final Pattern CLUSTER = Pattern.compile("On a cluster also `([^`]+)`");

  public RedisUser {
    rules = List.copyOf(rules);
  }

  /**
   * @param page docs/redis.md
   * @throws IllegalStateException where the page names no such user
   */
  public static RedisUser of(Path page) {
    String text = read(page);
    String all = found(COMMAND, page, text) + " " + found(CLUSTER, page, text);
    return new RedisUser(List.of(all.replace("PASSWORD", PASSWORD).strip().split("\\s+")));
  }

  /** As options of redis-server. */
  public String[] options() {
    List<String> options = new ArrayList<>(List.of("--user"));
    options.addAll(rules);
    return options.toArray(String[]::new);
  }

  private static String found(Pattern pattern, Path page, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IllegalStateException(page + " has no " + pattern);
    }
    return String.valueOf(matcher.group(1));
  }

  private static String read(Path page) {
    try {
      return Files.readString(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
