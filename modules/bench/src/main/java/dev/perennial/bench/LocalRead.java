package dev.perennial.bench;

import dev.perennial.client.Credentials;
import dev.perennial.client.Token;
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

/** What {@link Credentials#token(String)} costs among 100,000 connections read from a broker. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // the harness calls the setup
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class LocalRead {
  private static final int CONNECTIONS = 100_000;
  private static final int OTHERS = 1 << 16;

  private Published published;
  private Credentials credentials;
  private String[] names;
  private int next;

  @Setup(Level.Trial)
  public void follow() throws Exception {
    published = Published.connections(CONNECTIONS);
    credentials = published.follow();
    names = new String[OTHERS];
    for (int n = 0; n < OTHERS; n++) {
      names[n] = Published.name(n);
      credentials.token(names[n]);
    }
  }

  @TearDown(Level.Trial)
  public void stop() {
    credentials.close();
    published.close();
  }

  /** The same connection again and again. */
  @Benchmark
  public Token one() {
    return credentials.token("google/acme");
  }

  /** Another one each time, so that no cache has it. */
  @Benchmark
  public Token another() {
    next = (next + 40_503) & (OTHERS - 1);
    return credentials.token(names[next]);
  }

  public static void main(String[] arguments) throws RunnerException {
    new Runner(
            new OptionsBuilder()
                .include(LocalRead.class.getName().replace(".", "\\."))
                .jvmArgsAppend("--enable-native-access=ALL-UNNAMED")
                .shouldFailOnError(true)
                .build())
        .run();
  }
}
