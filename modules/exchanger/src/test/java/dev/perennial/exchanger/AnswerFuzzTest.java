package dev.perennial.exchanger;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Fuzzed with {@code JAZZER_FUZZ=1}, one method at a time; without it each method runs on the
 * inputs in the resources. {@code
 * JAZZER_INSTRUMENTATION_INCLUDES=dev.perennial.**:tools.jackson.**} lets the fuzzer see into the
 * JSON parser too.
 */
class AnswerFuzzTest {
  @FuzzTest(maxDuration = "3m")
  void aBodyIsDecodedOrKept(byte[] input) {
    AnswerInvariants.decoding(input);
  }

  @FuzzTest(maxDuration = "3m")
  void aBodyIsReadOrNot(byte[] input) {
    AnswerInvariants.reading(input);
  }

  @FuzzTest(maxDuration = "3m")
  void aRetryAfterIsReadOrNot(byte[] input) {
    AnswerInvariants.waiting(input);
  }
}
