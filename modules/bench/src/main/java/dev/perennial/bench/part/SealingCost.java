package dev.perennial.bench.part;

import dev.perennial.bench.bed.RefreshTokens;
import dev.perennial.bench.bed.TokenServerMain;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.event.JsonObjects;
import dev.perennial.event.MalformedJsonException;
import dev.perennial.event.SealedPayloads;
import dev.perennial.sealing.KeyRing;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * An answer of the token server sealed and opened, JSON and all, with a ring of {@code keys new}.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // the harness calls the setup
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class SealingCost {
  private final ConnectionKey key = new ConnectionKey("google", "c123456");
  private final SealedPayloads payloads = new SealedPayloads(KeyRing.read(KeyRing.generate()));
  private TokenResponse tokens;
  private Sealed sealed;

  @Setup
  public void fill() throws MalformedJsonException {
    String answer = TokenServerMain.granted(RefreshTokens.first(123_456));
    tokens = new TokenResponse(JsonObjects.read(answer.getBytes(StandardCharsets.UTF_8)));
    sealed = seal();
  }

  @Benchmark
  public Sealed seal() {
    return payloads.seal(key, tokens);
  }

  @Benchmark
  public TokenResponse open() {
    return payloads.openTokens(key, sealed);
  }
}
