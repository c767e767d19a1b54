package dev.perennial.integration;

import dev.perennial.integration.Finding.Severity;
import dev.perennial.integration.document.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What {@code perennial check FILE…} says: errors and warnings of each file, and what it needs. */
public final class DefinitionCheck {
  private final Function<String, Optional<String>> lookup;

  /**
   * @param lookup of a variable by what the operator sets; what it knows is not listed as a need
   */
  public DefinitionCheck(Function<String, Optional<String>> lookup) {
    this.lookup = lookup;
  }

  /** All findings, file by file in the order given. An error among them means exit code 1. */
  public List<Finding> check(Collection<Path> files) {
    DefinitionReader reader = new DefinitionReader();
    return files.stream().flatMap(file -> findings(reader.read(file)).stream()).toList();
  }

  private List<Finding> findings(Reading reading) {
    List<Finding> findings = new ArrayList<>(reading.findings());
    if (reading instanceof Reading.Usable(Definition definition, var _)) {
      Variables variables = Variables.bind(definition, lookup);
      findings.addAll(variables.problems());
      definition.variables().stream()
          .filter(v -> variables.missing().contains(v.environmentName(definition.slug())))
          .forEach(variable -> findings.add(need(definition, variable)));
    }
    return findings;
  }

  private static Finding need(Definition definition, Variable variable) {
    String reason = variable.id() + ": set " + variable.environmentName(definition.slug());
    return Finding.of(Severity.NEED, definition.file(), new Problem(variable.at(), reason));
  }
}
