package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.exchanger.Exchange.Extent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** What holds for any bytes of an answer: a value or none, never an exception, never too much. */
final class AnswerInvariants {
  private static final List<String> CODINGS =
      List.of("", "gzip", "x-GZIP ", "gzip, gzip", "br", "identity");
  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

  /** Room for a body to grow in. */
  private static final int MORE = 10_000;

  private AnswerInvariants() {}

  /**
   * @param input its first byte chooses the coding
   */
  static void decoding(byte[] input) {
    if (input.length == 0) {
      return;
    }
    byte[] raw = Arrays.copyOfRange(input, 1, input.length);
    String coding = CODINGS.get((input[0] & 0xff) % CODINGS.size());
    int most = raw.length + MORE;
    AnswerBytes decoded = AnswerBytes.decode(raw, coding, most);

    assertThat(decoded.bytes().length).isLessThanOrEqualTo(most);
    if (decoded.extent() != Extent.WHOLE) {
      assertThat(decoded.bytes()).isEqualTo(raw);
    }
  }

  static void reading(byte[] input) {
    assertThat(AnswerBody.read(input, false)).isNotNull();
    assertThat(AnswerBody.read(input, true)).isNotNull();
  }

  static void waiting(byte[] input) {
    Duration wait = RetryAfter.read(new String(input, StandardCharsets.UTF_8), NOW);
    if (wait != null) {
      assertThat(wait).isBetween(Duration.ZERO, RetryAfter.MOST);
    }
  }
}
