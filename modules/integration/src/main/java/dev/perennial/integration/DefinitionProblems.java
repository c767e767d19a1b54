package dev.perennial.integration;

import java.util.List;
import java.util.stream.Collectors;

/** Definitions that cannot be used: the start stops, and the message lists every error. */
public final class DefinitionProblems extends RuntimeException {
  private final transient List<Finding> findings;

  DefinitionProblems(List<Finding> findings) {
    super(
        "definitions with errors ("
            + findings.size()
            + "); mend them and start again:"
            + findings.stream().map(f -> "\n" + f).collect(Collectors.joining()));
    this.findings = List.copyOf(findings);
  }

  /** The errors, by file. */
  public List<Finding> findings() {
    return findings;
  }
}
