package dev.perennial.bench.row;

import dev.perennial.bench.figure.Figure;
import dev.perennial.bench.part.AnswerCost;
import dev.perennial.bench.part.LanesCost;
import dev.perennial.bench.part.LedgerCost;
import dev.perennial.bench.part.SealingCost;
import dev.perennial.bench.part.TemplateCost;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.results.RunResult;

/**
 * The parts of a refresh one by one, by JMH: nanoseconds of one, and the bytes that it allocates.
 * No part has a target: they say where the time of {@code refresh.cpu_us} can go and cannot.
 */
public final class Parts implements Measurement {
  static final List<Class<?>> BENCHMARKS =
      List.of(
          TemplateCost.class,
          AnswerCost.class,
          SealingCost.class,
          LedgerCost.class,
          LanesCost.class);

  @Override
  public List<String> rows() {
    return List.of("parts");
  }

  @Override
  public boolean quick() {
    return false;
  }

  @Override
  public List<Figure> measure(Run run) {
    run.say("parts: JMH runs of seven benchmarks, some minutes");
    return figures(Jmh.run(Jmh.options(run.directory(), BENCHMARKS).build()));
  }

  static List<Figure> figures(Collection<RunResult> results) {
    return results.stream().flatMap(Parts::figures).toList();
  }

  private static Stream<Figure> figures(RunResult result) {
    String part = "part." + Jmh.method(result);
    return Stream.of(
        Figure.beside(part + "_ns", "ns", Jmh.time(result)),
        Figure.beside(part + "_bytes", "B", Jmh.allocated(result)));
  }
}
