package dev.perennial.integration;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Fuzzed with {@code JAZZER_FUZZ=1}; without it the method runs on the inputs in the resources.
 * {@code JAZZER_INSTRUMENTATION_INCLUDES=dev.perennial.**:tools.jackson.**:freemarker.**} lets the
 * fuzzer see into the libraries too.
 */
class DefinitionFuzzTest {
  @FuzzTest(maxDuration = "2m")
  void aFileIsReadOrRefused(byte[] input) {
    DefinitionInvariants.reading(input);
  }
}
