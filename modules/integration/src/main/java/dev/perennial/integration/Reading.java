package dev.perennial.integration;

import java.util.List;

/** What became of a definition file. */
public sealed interface Reading {

  /** Everything there is to say about the file, by position. */
  List<Finding> findings();

  /**
   * @param findings warnings only
   */
  record Usable(Definition definition, List<Finding> findings) implements Reading {
    public Usable {
      findings = List.copyOf(findings);
    }
  }

  /**
   * @param findings at least one error, and the warnings
   */
  record Unreadable(List<Finding> findings) implements Reading {
    public Unreadable {
      findings = List.copyOf(findings);
    }
  }
}
