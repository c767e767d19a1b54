package dev.perennial.bench.bed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ProcessorTimeTest {
  private static final long OURS = ProcessHandle.current().pid();

  @Test
  @EnabledOnOs(OS.LINUX)
  void compilersTakeAPartOfIt() {
    Duration compilers = ProcessorTime.ofCompilers(OURS);
    assertThat(compilers).isPositive().isLessThan(ProcessorTime.of(OURS));
  }

  @Test
  void ofNoProcessThereIsNone() {
    long none = Integer.MAX_VALUE;
    assertThat(ProcessorTime.ofCompilers(none)).isZero();
    assertThatThrownBy(() -> ProcessorTime.of(none)).isInstanceOf(BedException.class);
  }
}
