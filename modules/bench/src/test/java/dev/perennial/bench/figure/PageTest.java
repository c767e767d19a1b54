package dev.perennial.bench.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.bench.figure.Page.NoMarkersException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PageTest {
  private static final String PAGE = "before\n<!-- bench:a -->\nold\n<!-- /bench:a -->\nafter\n";
  private static final List<Figure> FIGURES = List.of(Figure.beside("x", "s", Spread.once(2)));

  @Test
  void onlyThePartBetweenTheMarksChanges() {
    String page = Page.with(PAGE, "a", "about", FIGURES);
    assertThat(page)
        .startsWith("before\n<!-- bench:a -->\nabout\n\n| row")
        .endsWith("\n<!-- /bench:a -->\nafter\n")
        .doesNotContain("old");
    assertThat(Page.with(page, "a", "about", FIGURES)).isEqualTo(page);
  }

  @Test
  void aPageWithoutThePartIsLeftAlone() {
    assertThatThrownBy(() -> Page.with(PAGE, "b", "about", FIGURES))
        .isInstanceOf(NoMarkersException.class)
        .hasMessageContaining("bench:b");
  }
}
