package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.role.Interruption;
import dev.perennial.prove.Prove;
import dev.perennial.prove.Prove.Options;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A run as anyone would start it, short, and with a seed that brings a few faults. */
class ProveTest {
  @Test
  void everyGuaranteeHoldsUnderAFewFaults() {
    StringWriter out = new StringWriter();
    Options options = new Options(Duration.ofSeconds(16), 5, true, 24, 0, "", "");
    int code =
        Prove.simulated(
            options, new PrintWriter(out, true), new Interruption(Duration.ofMinutes(1)));
    assertThat(code).as(out.toString()).isZero();
    assertThat(out.toString())
        .containsPattern("prove: faults=[1-9].* spent_twice=0 .*violations=0");
  }
}
