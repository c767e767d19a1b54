package dev.perennial.integration.request;

import dev.perennial.domain.definition.TokenRequest.Header;
import dev.perennial.integration.template.CompiledText;
import dev.perennial.integration.template.Part;
import dev.perennial.integration.template.Position;
import dev.perennial.integration.template.TemplateText;
import dev.perennial.integration.template.Values;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A header field. {@code Authorization: Basic id:secret} is encoded (RFC 7617) for the author.
 * Immutable.
 *
 * @param basic the value is user and password, to be encoded
 */
public record HeaderTemplate(String name, CompiledText value, boolean basic) {
  private static final String BASIC = "Basic ";

  /** As an author wrote it. */
  public static HeaderTemplate written(String where, String name, TemplateText value) {
    boolean basic = name.equalsIgnoreCase("Authorization") && isBasic(value);
    return new HeaderTemplate(
        name,
        basic
            ? CompiledText.compile(where, credentials(value), Position.PLAIN)
            : CompiledText.compile(where, value, Position.HEADER),
        basic);
  }

  /** A colon in literal text: neither base64 nor one ready template has one. */
  private static boolean isBasic(TemplateText value) {
    return !value.isEmpty()
        && value.parts().getFirst() instanceof Part.Literal(String first)
        && first.regionMatches(true, 0, BASIC, 0, BASIC.length())
        && value.literal().contains(":");
  }

  private static TemplateText credentials(TemplateText value) {
    List<Part> parts = new ArrayList<>(value.parts());
    String first = value.parts().getFirst() instanceof Part.Literal(String text) ? text : "";
    parts.set(0, new Part.Literal(first.substring(BASIC.length()).stripLeading()));
    return new TemplateText(parts);
  }

  /** Empty where it is left out. */
  public Optional<Header> render(Values values) {
    String rendered = value.render(values);
    if (basic) {
      byte[] bytes = rendered.getBytes(StandardCharsets.UTF_8);
      return Optional.of(new Header(name, BASIC + Base64.getEncoder().encodeToString(bytes)));
    }
    return rendered.isEmpty() && value.source().isOneExpression()
        ? Optional.empty()
        : Optional.of(new Header(name, rendered));
  }
}
