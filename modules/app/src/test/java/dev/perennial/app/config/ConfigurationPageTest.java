package dev.perennial.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds docs/configuration.md to what the program knows, or writes it anew. */
class ConfigurationPageTest {
  private static final Path PAGE = Path.of("../../docs/configuration.md");
  private static final boolean WRITE = Boolean.getBoolean("perennial.write");

  private static final String WRITTEN_BY =
      "mvn -q test -pl modules/app -am -Dtest=ConfigurationPageTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dperennial.write=true";

  @Test
  void thePageSaysWhatTheKeysSay() throws IOException {
    String page = Files.readString(PAGE);
    String made =
        with(
            with(page, "keys", ConfigPage.keys(ConfigKey.documented())),
            "defunct",
            ConfigPage.defunct(DefunctKey.ALL));
    if (WRITE) {
      Files.writeString(PAGE, made);
    } else {
      assertThat(page)
          .as("docs/configuration.md differs from the keys; write it with\n  %s\n", WRITTEN_BY)
          .isEqualTo(made);
    }
  }

  @Test
  void aRowSaysUnitRangeDefaultAndReload() {
    assertThat(ConfigPage.keys(ConfigKey.documented()).lines())
        .contains(
            "| `exchanger.allow-private-addresses` | `PERENNIAL_EXCHANGER_ALLOW_PRIVATE_ADDRESSES`"
                + " | `true` or `false` | `false` | no | Whether token endpoints may resolve to"
                + " private, link-local and loopback addresses. |")
        .anyMatch(
            it -> it.startsWith("| `drain` | `PERENNIAL_DRAIN` | time, 1s to 10m | `45s` | no |"))
        .anyMatch(
            it -> it.startsWith("| `admin.api-keys` |") && it.contains("| path | none | yes |"))
        .anyMatch(it -> it.startsWith("| `log.level` |") && it.contains("`debug` or `trace` |"))
        .anyMatch(it ->
            it.startsWith("| `kafka.properties.<name>` | `PERENNIAL_KAFKA_PROPERTIES_<NAME>` |")
                && it.contains("; *secret* | none |"));
  }

  @Test
  void aKeyThatIsNoMoreHasARow() {
    assertThat(ConfigPage.defunct(List.of())).isEqualTo("None yet.\n");
    assertThat(ConfigPage.defunct(List.of(new DefunctKey("perennial.a.b", "9.9.0", "use `c.d`"))))
        .endsWith("| `a.b` | 9.9.0 | use `c.d` |\n");
  }

  @Test
  void everyKeySaysWhatItMeansOnOneLine() {
    for (ConfigKey key : ConfigKey.documented()) {
      assertThat(ConfigPage.values(key))
          .as(key.name() + ": form")
          .isNotBlank()
          .doesNotStartWith(";");
      assertThat(key.described().meaning())
          .as(key.name() + ": meaning")
          .endsWith(".")
          .doesNotContain("|", "\n");
    }
  }

  /** The page with what stands between two of its remarks replaced. */
  private static String with(String page, String name, String text) {
    int from = page.indexOf("-->\n", page.indexOf("<!-- " + name + ":")) + "-->\n".length();
    int to = page.indexOf("<!-- /" + name + " -->");
    assertThat(from).as("<!-- %s: --> stands before <!-- /%s -->", name, name).isBetween(4, to);
    return page.substring(0, from) + "\n" + text + "\n" + page.substring(to);
  }
}
