package dev.perennial.bench;

import dev.perennial.client.Credentials;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** From the start to a view of 100,000 connections, in a cold JVM: each shot has one of its own. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // the harness calls the setup
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(3)
public class ReadyView {
  private static final int CONNECTIONS = 100_000;

  private Published published;

  @Setup(Level.Trial)
  public void publish() throws Exception {
    published = Published.connections(CONNECTIONS);
  }

  @TearDown(Level.Trial)
  public void stop() {
    published.close();
  }

  @Benchmark
  public long start() throws Exception {
    try (Credentials credentials = published.follow()) {
      return credentials.lag();
    }
  }

  public static void main(String[] arguments) throws RunnerException {
    new Runner(
            new OptionsBuilder()
                .include(ReadyView.class.getName().replace(".", "\\."))
                .jvmArgsAppend("--enable-native-access=ALL-UNNAMED")
                .shouldFailOnError(true)
                .build())
        .run();
  }
}
