package dev.perennial.prove.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

class FormTest {
  private static final URI HERE = URI.create("http://127.0.0.1:9000/login?x=1");

  @Test
  void whatIsHiddenStaysAndBoxesAreTicked() {
    Page page =
        new Page(
            200,
            HERE,
            """
            <form class="a" method="post" action="/oauth2/authorize">
              <input type="hidden" name="_csrf" value="a&amp;b">
              <input type="text" name="username" placeholder="user">
              <input type='password' name='password' required>
              <input type="checkbox" name="scope" value="mail.read">
              <input type="checkbox" name="scope" value="mail.send" checked>
              <button type="submit" name="go" value="yes">Go</button>
              <button type="submit" name="go" value="no">Stop</button>
            </form>
            """);
    Form form = Form.of(page, "ada", "love lace").orElseThrow();
    assertThat(form.action()).isEqualTo(URI.create("http://127.0.0.1:9000/oauth2/authorize"));
    assertThat(form.post()).isTrue();
    assertThat(form.encoded())
        .isEqualTo(
            "_csrf=a%26b&username=ada&password=love+lace&scope=mail.read&scope=mail.send&go=yes");
  }

  @Test
  void withoutAnActionItGoesBackToItsPage() {
    Form form = Form.of(new Page(200, HERE, "<form></form>"), "", "").orElseThrow();
    assertThat(form.action()).isEqualTo(HERE);
    assertThat(form.post()).isFalse();
  }
}
