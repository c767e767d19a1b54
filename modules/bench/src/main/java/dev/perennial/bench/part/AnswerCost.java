package dev.perennial.bench.part;

import dev.perennial.bench.bed.RefreshTokens;
import dev.perennial.bench.bed.TokenServerMain;
import dev.perennial.domain.credential.TokenOutcome;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Integration.Phase;
import dev.perennial.exchanger.Answers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
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

/** An answer of the token server: parsed, judged, and made into what is kept. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class AnswerCost {
  private final Integration google = GoogleDefinition.bound();
  private final Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final Map<String, String> headers = Map.of("Content-Type", "application/json");
  private final byte[] body =
      TokenServerMain.granted(RefreshTokens.first(123_456)).getBytes(StandardCharsets.UTF_8);

  @Benchmark
  public TokenOutcome answer() {
    return Answers.read(google, Phase.REFRESH, 200, headers, body, now);
  }
}
