package dev.perennial.bench.row;

import dev.perennial.bench.LocalRead;
import dev.perennial.bench.bed.BedException;
import dev.perennial.bench.figure.Figure;
import dev.perennial.bench.figure.Spread;
import dev.perennial.bench.figure.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** A read of an access token from the view that a pipeline has of the topic, by JMH. */
public final class ReadLocal implements Measurement {
  @Override
  public List<String> rows() {
    return List.of("read.local_ns");
  }

  @Override
  public boolean quick() {
    return false;
  }

  @Override
  public List<Figure> measure(Run run) {
    run.say("read.local_ns: a JMH run");
    Options options =
        new OptionsBuilder()
            .include(LocalRead.class.getName())
            .forks(1)
            .warmupIterations(3)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(run.pace().alternations())
            .measurementTime(TimeValue.seconds(1))
            .timeUnit(TimeUnit.NANOSECONDS)
            .jvmArgsAppend("--enable-native-access=ALL-UNNAMED")
            .shouldFailOnError(true)
            .output(run.directory().resolve("jmh.log").toString())
            .build();
    return run(options).stream().map(ReadLocal::figure).toList();
  }

  private static Collection<RunResult> run(Options options) {
    try {
      return new Runner(options).run();
    } catch (RunnerException e) {
      throw new BedException("JMH: " + e.getMessage());
    }
  }

  private static Figure figure(RunResult result) {
    List<Double> values = new ArrayList<>();
    for (var benchmark : result.getBenchmarkResults()) {
      for (IterationResult iteration : benchmark.getIterationResults()) {
        values.add(iteration.getPrimaryResult().getScore());
      }
    }
    String method = result.getParams().getBenchmark();
    String name = method.substring(method.lastIndexOf('.') + 1);
    return Figure.local(
        "read.local_ns." + name, "ns", Spread.of(values), Target.atMost(1_000, 200));
  }
}
