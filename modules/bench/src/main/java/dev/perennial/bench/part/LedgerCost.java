package dev.perennial.bench.part;

import dev.perennial.devstack.provider.ProviderProfile;
import dev.perennial.devstack.provider.ProviderSimulator;
import dev.perennial.devstack.provider.SimulatedProvider;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A use of a refresh token, decided and noted by the provider simulator, and judged with all
 * others: every use of a new ledger is recorded, then it is asked once what was spent twice. No
 * HTTP.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // the harness calls the setup
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 15)
@Measurement(iterations = 5)
@Fork(2)
public class LedgerCost {
  private static final int GRANTS = 1_000;
  private static final int USES = 50_000;

  private ProviderSimulator simulator;
  private SimulatedProvider provider;
  private String[] tokens;

  @Setup(Level.Iteration)
  public void begin() {
    simulator = ProviderSimulator.start(ProviderProfile.named("google").build());
    provider = simulator.provider("google");
    tokens = new String[GRANTS];
    for (int i = 0; i < GRANTS; i++) {
      tokens[i] = provider.handOut("mail.read");
    }
  }

  @TearDown(Level.Iteration)
  public void stop() {
    simulator.close();
  }

  @Benchmark
  @OperationsPerInvocation(USES)
  public void ledger() {
    for (int use = 0; use < USES; use++) {
      int grant = use % GRANTS;
      tokens[grant] = provider.refresh(tokens[grant], "bench").orElseThrow();
    }
    int replays = simulator.ledger().spentTwice().size();
    if (replays != 0) {
      throw new IllegalStateException(replays + " tokens were spent twice, and none was");
    }
  }
}
