package dev.perennial.e2e.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our small renderer against kubectl's kustomize, where there is one of version 5. */
class KustomizationTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "base",
        "overlays/small",
        "overlays/production",
        "overlays/sentinel",
        "overlays/cluster"
      })
  void rendersWhatKubectlRenders(String directory) throws Exception {
    assumeTrue(run("version", "--client").contains("Kustomize Version: v5."), "kubectl");
    Path path = Renderings.KUSTOMIZE.resolve(directory);
    assertThat(Kustomization.render(path))
        .containsExactlyInAnyOrderElementsOf(
            Tree.documents(run("kustomize", path.toString())).stream()
                .map(each -> each.getAsJsonObject())
                .toList());
  }

  private static String run(String... arguments) throws InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("kubectl");
    builder.command().addAll(java.util.List.of(arguments));
    try {
      Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
      try (InputStream output = process.getInputStream()) {
        String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? text : "";
      }
    } catch (IOException _) {
      return "";
    }
  }
}
