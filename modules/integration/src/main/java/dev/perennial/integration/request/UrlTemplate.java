package dev.perennial.integration.request;

import dev.perennial.domain.definition.RenderingException;
import dev.perennial.integration.template.CompiledText;
import dev.perennial.integration.template.Values;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A URL with templates in it, each encoded for the component it stands in. Immutable; any thread
 * renders.
 *
 * @param where integration and JSON path, for messages
 * @param start scheme, host and port
 * @param path with its leading slash; may be empty
 * @param fragment null where there is none
 * @param guard what the host must be like
 */
public record UrlTemplate(
    String where,
    Start start,
    CompiledText path,
    List<Parameter> query,
    @Nullable CompiledText fragment,
    HostGuard guard) {

  private static final int MAX_LENGTH = 64 * 1024;

  public UrlTemplate {
    query = List.copyOf(query);
  }

  /** Whether it is written with http, which only loopback hosts may be. */
  public boolean isHttp() {
    return start instanceof Start.Written written && written.scheme().equalsIgnoreCase("http");
  }

  /** Whether a callback, an answer or a connection has a say in its host. */
  public boolean isForeign() {
    return guard.foreign();
  }

  /** Whether a parameter of this name is written in the query. */
  public boolean hasParameter(String name) {
    return query.stream().anyMatch(parameter -> parameter.isNamed(name));
  }

  /** The same URL with more parameters at the end of its query. */
  public UrlTemplate with(List<Parameter> more) {
    List<Parameter> all = new ArrayList<>(query);
    all.addAll(more);
    return new UrlTemplate(where, start, path, all, fragment, guard);
  }

  /** The same URL without some parameters. */
  public UrlTemplate without(Predicate<Parameter> which) {
    List<Parameter> kept = query.stream().filter(which.negate()).toList();
    return new UrlTemplate(where, start, path, kept, fragment, guard);
  }

  /**
   * @throws RenderingException where a value is missing or the URL may not be called
   */
  public URI render(Values values) {
    String url = complete(start.render(where, values), values);
    if (url.length() > MAX_LENGTH) {
      throw new RenderingException(
          where + ": the URL is longer than " + MAX_LENGTH + " characters");
    }
    return guard.check(where, parse(url), start);
  }

  /**
   * The text of the URL with placeholders for values, to be looked at: it need not be a URL, and
   * nobody asks whether it may be called.
   *
   * @throws RenderingException where a value is missing
   */
  public String preview(Values values) {
    return complete(start.preview(values), values);
  }

  private String complete(String beginning, Values values) {
    StringBuilder url = new StringBuilder(beginning);
    appendPath(url, path.render(values));
    appendQuery(url, Parameter.render(query, values));
    if (fragment != null) {
      url.append('#').append(fragment.render(values));
    }
    return url.toString();
  }

  private void appendPath(StringBuilder url, String rendered) {
    if (rendered.isEmpty()) {
      return;
    }
    if (url.indexOf("?") >= 0) {
      throw new RenderingException(where + ": a URL with a query cannot be followed by a path");
    }
    if (url.charAt(url.length() - 1) == '/' && rendered.startsWith("/")) {
      url.setLength(url.length() - 1);
    }
    url.append(rendered);
  }

  private static void appendQuery(StringBuilder url, String rendered) {
    if (!rendered.isEmpty()) {
      url.append(url.indexOf("?") >= 0 ? '&' : '?').append(rendered);
    }
  }

  private URI parse(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      // The exception quotes the URL, and the URL may hold secrets.
      throw new RenderingException(where + ": what it renders is not a URL");
    }
  }
}
