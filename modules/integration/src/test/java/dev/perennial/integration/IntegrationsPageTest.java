package dev.perennial.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page for authors: its examples are read, and no key of the schema lacks one. */
class IntegrationsPageTest {
  private static final Pattern EXAMPLE = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);

  static List<String> examples() throws IOException {
    List<String> examples = new ArrayList<>();
    Matcher found = EXAMPLE.matcher(page());
    while (found.find()) {
      examples.add(String.valueOf(found.group(1)));
    }
    return examples;
  }

  private static String page() throws IOException {
    return Files.readString(Path.of("../../docs/integrations.md"));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void an_example_is_read_without_an_error(String example) {
    Reading reading =
        new DefinitionReader().read("example.json", example.getBytes(StandardCharsets.UTF_8));
    assertThat(reading.findings()).filteredOn(Finding::isError).isEmpty();
  }

  @Test
  void every_key_has_an_example_on_the_page() throws IOException {
    String all = String.join("\n", examples());
    assertThat(keys())
        .hasSizeGreaterThan(40)
        .allSatisfy(key -> {
          assertThat(all).contains("\"" + key + "\"");
          assertThat(page()).contains("`" + key + "`");
        });
  }

  private static Set<String> keys() throws IOException {
    JsonNode schema =
        JsonMapper.shared()
            .readTree(Files.readString(Path.of("../../docs/integration.schema.json")));
    Set<String> keys = new TreeSet<>();
    collect(schema, keys);
    keys.removeAll(Set.of("oauth", "initial_data_form", "$schema"));
    return keys;
  }

  private static void collect(JsonNode node, Set<String> keys) {
    node.path("properties").propertyNames().forEach(keys::add);
    node.forEach(child -> collect(child, keys));
  }
}
