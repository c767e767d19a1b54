package dev.perennial.bench.row;

import dev.perennial.bench.figure.Figure;
import java.util.List;

/** Measures one or several rows that come of the same work. */
public interface Measurement {

  /** The rows that it is asked for by; more figures may come with them. */
  List<String> rows();

  /** Whether {@code --quick} has it. */
  boolean quick();

  /**
   * Measures.
   *
   * @throws dev.perennial.bench.bed.BedException where it cannot
   * @throws Run.StoppedException where the user has asked to stop
   */
  List<Figure> measure(Run run);
}
