package dev.perennial.integration.request;

import dev.perennial.domain.definition.RenderingException;
import dev.perennial.integration.template.CompiledText;
import dev.perennial.integration.template.Values;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** What a URL begins with. Immutable. */
sealed interface Start {

  String render(String where, Values values);

  /** The same unchecked, to be looked at. */
  String preview(Values values);

  /**
   * Scheme, host and port as the definition writes them.
   *
   * @param port null where the scheme says it
   */
  record Written(String scheme, CompiledText host, @Nullable CompiledText port) implements Start {
    @Override
    public String render(String where, Values values) {
      String rendered = host.render(values);
      if (!Hosts.isHost(rendered)) {
        throw new RenderingException(where + ": the host it renders is not a host");
      }
      String suffix = port == null ? "" : ":" + port.render(values);
      return scheme + "://" + rendered + suffix;
    }

    @Override
    public String preview(Values values) {
      String suffix = port == null ? "" : ":" + port.render(values);
      return scheme + "://" + host.render(values) + suffix;
    }
  }

  /** One template that renders an absolute URL. */
  record Rendered(CompiledText url) implements Start {
    @Override
    public String render(String where, Values values) {
      String rendered = url.render(values);
      try {
        URI uri = new URI(rendered);
        if (uri.getScheme() == null || uri.getHost() == null || uri.getRawFragment() != null) {
          throw notUrl(where);
        }
        return uri.toASCIIString();
      } catch (URISyntaxException e) {
        throw notUrl(where);
      }
    }

    @Override
    public String preview(Values values) {
      return url.render(values);
    }

    private static RenderingException notUrl(String where) {
      return new RenderingException(
          where + ": the template at its start does not render an absolute URL");
    }
  }
}
