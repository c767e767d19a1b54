package dev.perennial.integration.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Collects everything that is wrong with one file, so that one run tells all. Not thread-safe. */
public final class Problems {
  private final List<Problem> errors = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();

  public void error(Place at, String reason) {
    errors.add(new Problem(at, reason));
  }

  /** Adds errors at places of which none has been told. */
  public void addUntold(List<Problem> found) {
    Set<String> told = errors.stream().map(p -> p.at().path()).collect(Collectors.toSet());
    found.stream().filter(problem -> !told.contains(problem.at().path())).forEach(errors::add);
  }

  public void warn(Place at, String reason) {
    warnings.add(new Problem(at, reason));
  }

  public List<Problem> errors() {
    return List.copyOf(errors);
  }

  public List<Problem> warnings() {
    return List.copyOf(warnings);
  }
}
