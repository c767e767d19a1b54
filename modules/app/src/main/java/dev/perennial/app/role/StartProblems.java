package dev.perennial.app.role;

import java.util.List;

/** The process must not start: each reason in words that say what to do. */
public final class StartProblems extends RuntimeException {
  private final List<String> problems;

  public StartProblems(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
    this.problems = List.copyOf(problems);
  }

  public List<String> problems() {
    return problems;
  }
}
