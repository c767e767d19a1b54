package dev.perennial.bench.row;

import dev.perennial.bench.LocalRead;
import dev.perennial.bench.figure.Figure;
import dev.perennial.bench.figure.Target;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.options.Options;
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
        Jmh.options(run.directory(), List.of(LocalRead.class))
            .forks(1)
            .warmupIterations(3)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(run.pace().alternations())
            .measurementTime(TimeValue.seconds(1))
            .build();
    return Jmh.run(options).stream().map(ReadLocal::figure).toList();
  }

  private static Figure figure(RunResult result) {
    return Figure.local(
        "read.local_ns." + Jmh.method(result), "ns", Jmh.time(result), Target.atMost(1_000, 200));
  }
}
