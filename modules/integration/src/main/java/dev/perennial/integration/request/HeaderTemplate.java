package dev.perennial.integration.request;

import dev.perennial.domain.definition.RenderingException;
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
import org.jspecify.annotations.Nullable;

/**
 * A header field. {@code Authorization: Basic id:secret} is encoded (RFC 7617) for the author.
 * Immutable.
 *
 * @param user what stands before the colon of Basic; null where it is no Basic of id and secret
 */
public record HeaderTemplate(String name, CompiledText value, @Nullable CompiledText user) {
  private static final String BASIC = "Basic ";

  /** As an author wrote it. */
  public static HeaderTemplate written(String where, String name, TemplateText value) {
    if (!name.equalsIgnoreCase("Authorization") || !isBasic(value)) {
      return new HeaderTemplate(name, CompiledText.compile(where, value, Position.HEADER), null);
    }
    TemplateText credentials = credentials(value);
    return new HeaderTemplate(
        name,
        CompiledText.compile(where, credentials, Position.PLAIN),
        CompiledText.compile(where, credentials.cut(":").before(), Position.PLAIN));
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

  /** Whether the value is user and password, to be encoded. */
  public boolean basic() {
    return user != null;
  }

  /**
   * Empty where it is left out.
   *
   * @throws RenderingException where the user of Basic holds a colon (RFC 7617 section 2): what
   *     follows it would be taken for the password
   */
  public Optional<Header> render(Values values) {
    String rendered = value.render(values);
    if (user != null) {
      if (user.render(values).contains(":")) {
        throw new RenderingException(user.where() + ": the user of Basic holds a colon");
      }
      byte[] bytes = rendered.getBytes(StandardCharsets.UTF_8);
      return Optional.of(new Header(name, BASIC + Base64.getEncoder().encodeToString(bytes)));
    }
    return rendered.isEmpty() && value.source().isOneExpression()
        ? Optional.empty()
        : Optional.of(new Header(name, rendered));
  }
}
