package dev.perennial.integration.template;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Fuzzed like {@code DefinitionFuzzTest}, one method at a time. */
class TemplateFuzzTest {
  @FuzzTest(maxDuration = "2m")
  void aTextIsATemplateOrNot(byte[] input) {
    TemplateInvariants.parsing(input);
  }

  @FuzzTest(maxDuration = "2m")
  void anExpressionIsRenderedOrRefused(byte[] input) {
    TemplateInvariants.expression(input);
  }
}
