package dev.perennial.integration.request;

import dev.perennial.domain.definition.ClientCertificate;
import dev.perennial.domain.definition.RenderingException;
import dev.perennial.domain.definition.TokenRequest;
import dev.perennial.integration.template.Values;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A request of a definition, compiled. Immutable; any thread renders.
 *
 * @param body null where there is none
 * @param successStatus empty means any 2xx
 */
public record RequestTemplate(
    String method,
    UrlTemplate url,
    List<HeaderTemplate> headers,
    @Nullable BodyTemplate body,
    Set<Integer> successStatus) {

  private static final int MAX_BODY = 1024 * 1024;

  public RequestTemplate {
    headers = List.copyOf(headers);
    successStatus = Set.copyOf(successStatus);
  }

  /**
   * @param certificate shown in the handshake; null without one
   * @param address applied to the rendered URL, last of all
   * @throws RenderingException where a value is missing or may not stand where it should
   */
  public TokenRequest render(
      Values values, @Nullable ClientCertificate certificate, UnaryOperator<URI> address) {
    String text = body == null ? "" : body.render(values);
    if (text.length() > MAX_BODY) {
      throw new RenderingException(
          url.where() + ": the body is longer than " + MAX_BODY + " characters");
    }
    Values withBody = values.withBody(text);
    URI uri = address.apply(url.render(withBody));
    List<TokenRequest.Header> rendered = new ArrayList<>(headers.size());
    headers.forEach(header -> header.render(withBody).ifPresent(rendered::add));
    return new TokenRequest(method, uri, rendered, body(text), successStatus, certificate);
  }

  private TokenRequest.@Nullable Body body(String text) {
    return body == null
        ? null
        : new TokenRequest.Body(body.contentType(), text.getBytes(StandardCharsets.UTF_8));
  }
}
