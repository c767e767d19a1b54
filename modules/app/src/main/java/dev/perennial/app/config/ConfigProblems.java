package dev.perennial.app.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used, with everything that is wrong with it. */
public final class ConfigProblems extends RuntimeException {
  private final transient List<Problem> problems;

  ConfigProblems(List<Problem> problems) {
    super(
        problems.stream()
            .map(Problem::toString)
            .collect(Collectors.joining("\n", heading(problems.size()) + "\n", "")));
    this.problems = List.copyOf(problems);
  }

  private static String heading(int count) {
    return count == 1
        ? "1 problem with the configuration:"
        : count + " problems with the configuration:";
  }

  /** At least one, in the order of their sources. */
  public List<Problem> problems() {
    return problems;
  }

  /**
   * One thing that is wrong. Carries no value of a secret key.
   *
   * @param source where it stands, e.g. {@code perennial.yaml:12} or {@code environment}
   * @param key as it stands there
   * @param message what is wrong
   * @param hint what to do; empty where the message says it all
   */
  public record Problem(String source, String key, String message, String hint) {
    @Override
    public String toString() {
      String what = "  " + source + ": " + (key.isEmpty() ? "" : key + ": ") + message;
      return hint.isEmpty() ? what : what + " (" + hint + ")";
    }
  }
}
