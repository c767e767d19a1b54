package dev.perennial.e2e.ops;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.marcnuri.helm.Helm;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** Everything under {@code ops} that an operator may apply as it comes, rendered once. */
final class Renderings {
  static final Path KUSTOMIZE = Path.of("../../ops/kustomize");
  static final Path CHART = Path.of("../../ops/helm/perennial");

  private static final Map<String, Cluster> ALL = render();

  private Renderings() {}

  static Stream<Named<Cluster>> all() {
    return ALL.entrySet().stream().map(each -> Named.of(each.getKey(), each.getValue()));
  }

  private static Map<String, Cluster> render() {
    Map<String, Cluster> all = new LinkedHashMap<>();
    for (String overlay : List.of("small", "production", "sentinel", "cluster", "kms", "traces")) {
      all.put(
          "kustomize " + overlay,
          new Cluster(Kustomization.render(KUSTOMIZE.resolve("overlays").resolve(overlay))));
      all.put(
          "helm " + overlay, new Cluster(chart(CHART.resolve("examples/" + overlay + ".yaml"))));
    }
    return all;
  }

  private static List<JsonObject> chart(Path values) {
    String text =
        new Helm(CHART)
            .template()
            .withName("perennial")
            .withNamespace("perennial")
            .withKubeVersion("1.30.0")
            .withValuesFile(values)
            .call();
    return Tree.documents(text).stream().map(JsonElement::getAsJsonObject).toList();
  }
}
