package dev.perennial.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TickerTest {
  private final StringWriter err = new StringWriter();
  private final AtomicLong nanos = new AtomicLong();
  private final Ticker ticker = new Ticker(new PrintWriter(err), "records read", nanos::get);

  @Test
  void whatTakesLongIsSaidEveryTwoSecondsAndWhatIsShortNever() {
    after(1_999);
    ticker.at(10);
    assertThat(err.toString()).isEmpty();
    after(1);
    ticker.at(20);
    ticker.at(21);
    assertThat(err.toString()).isEqualToNormalizingNewlines("20 records read …\n");
    after(2_500);
    ticker.one();
    assertThat(err.toString()).endsWith("22 records read …" + System.lineSeparator());
    assertThat(ticker.count()).isEqualTo(22);
  }

  private void after(long millis) {
    nanos.addAndGet(Duration.ofMillis(millis).toNanos());
  }
}
