package dev.perennial.bench.row;

import dev.perennial.bench.bed.BedException;
import dev.perennial.bench.figure.Spread;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Benchmarks in JVMs of their own, and the spread of what all iterations of all of them said. */
final class Jmh {
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  private Jmh() {}

  /**
   * In nanoseconds and with what is allocated; the rest as the benchmark says.
   *
   * @param directory for what JMH says
   */
  static ChainedOptionsBuilder options(Path directory, List<Class<?>> benchmarks) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .timeUnit(TimeUnit.NANOSECONDS)
            .addProfiler(GCProfiler.class)
            .jvmArgsAppend("--enable-native-access=ALL-UNNAMED")
            .shouldFailOnError(true)
            .output(directory.resolve("jmh.log").toString());
    for (Class<?> benchmark : benchmarks) {
      options.include("^" + benchmark.getName().replace(".", "\\.") + "\\.");
    }
    return options;
  }

  /**
   * @throws BedException where one of them fails
   */
  static Collection<RunResult> run(Options options) {
    try {
      return new Runner(options).run();
    } catch (RunnerException e) {
      throw new BedException("JMH: " + e.getMessage());
    }
  }

  /** Name of the method that was measured. */
  static String method(RunResult result) {
    String name = result.getParams().getBenchmark();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** Of one operation, in the unit of the run. */
  static Spread time(RunResult result) {
    return spread(result, iteration -> iteration.getPrimaryResult().getScore());
  }

  /** Bytes of one operation, over all threads. */
  static Spread allocated(RunResult result) {
    return spread(
        result,
        iteration ->
            Objects.requireNonNull(iteration.getSecondaryResults().get(ALLOCATED), ALLOCATED)
                .getScore());
  }

  private static Spread spread(RunResult result, ToDoubleFunction<IterationResult> value) {
    List<Double> values =
        result.getBenchmarkResults().stream()
            .flatMap(benchmark -> benchmark.getIterationResults().stream())
            .map(value::applyAsDouble)
            .toList();
    return Spread.of(values);
  }
}
