package dev.perennial.bench.part;

import dev.perennial.bench.bed.RefreshTokens;
import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.TokenRequest;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The refresh request of Google's definition: variables looked up, URL and form rendered. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class TemplateCost {
  private final Integration google = GoogleDefinition.bound();
  private final FlowValues values =
      FlowValues.forRefresh(
          "https://tokens.example.com/callback/google",
          Map.of("refresh_token", RefreshTokens.first(123_456)));

  @Benchmark
  public TokenRequest template() {
    return google.refreshRequest(values);
  }
}
