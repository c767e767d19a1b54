package dev.perennial.integration.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No template and no value reaches a class, a file, the network or FreeMarker's own language. */
class UnreachableTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"freemarker.template.utility.Execute\"?new()(\"id\")",
        "\"freemarker.template.utility.ObjectConstructor\"?new()",
        "\"freemarker.template.utility.JythonRuntime\"?new()",
        "A?api.class",
        "A?api.getClass()",
        "A.getClass()",
        "A.class.forName(\"java.lang.Runtime\")",
        "java.lang.Runtime.getRuntime()",
        "T(java.lang.Runtime)",
        "new java.io.File(\"x\")",
        ".data_model",
        ".data_model.keySet()",
        ".vars[\"A\"]",
        ".globals",
        ".main",
        ".template_name",
        ".now",
        ".version",
        ".get_optional_template(\"x\")",
        "A?eval",
        "A?eval_json",
        "A?interpret",
        "A?no_esc",
        "A?url",
        "A?has_content",
        "A??",
        "A?length",
        "(1..100000000)?join",
        "1..100000000",
        "[1,2]",
        "{\"a\":1}",
        "#include \"/etc/passwd\"",
        "<#include \"/etc/passwd\">",
        "#import \"x\" as y",
        "@A",
        "A=1",
        "A==1",
        "A > 1",
        "A && B",
        "A ? B : C",
        "A; B",
        "A, B",
        "A - 1",
        "A * 99",
        "7*7",
        "'A'",
        "r\"A\"",
        "\"${A}\" + $",
        "\"a\\x0041\"",
        "A -> B",
        "f_base64(A)",
        "at(A,\"x\")",
        "exec(\"id\")",
        "include(\"x\")",
        "file(\"x\")",
        "env(\"PATH\")",
        "system.getenv()"
      })
  void freemarkers_language_is_refused_by_ours(String expression) {
    assertThatThrownBy(() -> TemplateText.parse("{{ " + expression + " }}"))
        .isInstanceOf(TemplateSyntaxException.class);
  }

  /** What does parse is a way into JSON values: their Java classes have no parts. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "A.class", "A.bytes", "A.length", "list.size", "list.class", "map.class", "map.keySet",
        "p0", "p1", "f_base64", "at", "data_model", "java.lang.Runtime", "A[\"class\"]",
        "(A)[\"class\"]", "base64(A)[\"class\"]", "A[0]", "(list)[99999999]", "list[123456789012]"
      })
  void a_name_leads_to_nothing_but_the_values(String expression) {
    Values values =
        Rendering.valuesOf(Map.of("A", "secret", "list", List.of("x"), "map", Map.of("k", "v")));
    for (Position position : Position.values()) {
      CompiledText text = Rendering.compile("{{ (" + expression + ")!\"0\" }}", position);
      assertThat(text.render(values)).as("%s in %s", expression, position).isEqualTo("0");
    }
  }

  private static final List<String> FOREIGN =
      List.of(
          "${7*7}",
          "#{7*7}",
          "[=7*7]",
          "[=p0]",
          "[=.data_model]",
          "[=\"x\"?upper_case]",
          "[=\"freemarker.template.utility.Execute\"?new()(\"id\")]",
          "<#assign a=7*7>${a}",
          "[#assign a=7*7][=a]",
          "[#ftl output_format=\"HTML\"]",
          "[#include \"/etc/passwd\"]",
          "[@p0/]",
          "[/#if]",
          "[#if true]x[/#if]",
          "[#-- gone --]",
          "<#-- gone -->",
          "[#noparse]",
          "[#stop]",
          "{{ A }}",
          "\\x0041",
          "a]b[c[[=d]]",
          "<?php ?>");

  /** FORM and JSON change signs, PLAIN none; in the others such signs are escaped or refused. */
  @Test
  void text_that_looks_like_freemarker_is_text() {
    for (String foreign : FOREIGN) {
      assertThat(Rendering.render("<{{ A }}>", Position.PLAIN, foreign))
          .isEqualTo("<" + foreign + ">");
      assertThat(Rendering.render("{{ left(A,999) + \"\" }}", Position.HEADER, foreign))
          .isEqualTo(foreign);
      if (!foreign.contains("{{")) {
        assertThat(Rendering.render(foreign + "{{ A }}" + foreign, Position.PLAIN, foreign))
            .isEqualTo(foreign.repeat(3));
      }
      String quoted = foreign.replace("\\", "\\\\").replace("\"", "\\\"");
      assertThat(Rendering.render("{{ \"" + quoted + "\" + A }}", Position.PLAIN, "!"))
          .isEqualTo(foreign + "!");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PATH", "QUERY", "FORM"})
  void and_is_escaped_in_urls(Position position) {
    for (String foreign : FOREIGN) {
      assertThat(Rendering.render("{{ A }}", position, foreign)).matches("[A-Za-z0-9._~%+-]*");
      if (!foreign.contains("{{")) {
        assertThat(Rendering.render(foreign + "{{ A }}", position, "x"))
            .doesNotContain("49", "[", "]", "<", ">")
            .endsWith("x");
      }
    }
  }
}
