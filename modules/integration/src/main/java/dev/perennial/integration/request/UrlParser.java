package dev.perennial.integration.request;

import dev.perennial.integration.template.CompiledText;
import dev.perennial.integration.template.Part;
import dev.perennial.integration.template.Position;
import dev.perennial.integration.template.TemplateText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Takes a URL of a definition apart, so that each template is encoded for where it stands. */
public final class UrlParser {
  private static final Pattern SCHEME = Pattern.compile("https?://", Pattern.CASE_INSENSITIVE);

  private final String where;
  private final Origins origins;
  private final AllowedHosts allowed;

  /**
   * @param where integration and JSON path, for messages of the rendering
   * @param origins who has a say in its host
   */
  public UrlParser(String where, Origins origins, AllowedHosts allowed) {
    this.where = where;
    this.origins = origins;
    this.allowed = allowed;
  }

  /**
   * @throws Unusable where the text can never be a URL that may be called
   */
  public UrlTemplate parse(TemplateText url) throws Unusable {
    TemplateText trimmed = trimmed(url);
    if (trimmed.isEmpty()) {
      throw new Unusable("the URL is empty");
    }
    TemplateText.Cut scheme = afterScheme(trimmed);
    TemplateText.Cut fragment = scheme.after().cut("#");
    TemplateText.Cut query = fragment.before().cut("?");
    TemplateText.Cut path = query.before().cut("/");
    Start start = start(scheme.before(), path.before());
    return new UrlTemplate(
        where,
        start,
        compile(path(path), Position.PATH),
        parameters(query.after()),
        fragment.sign() == '#' ? compile(fragment.after(), Position.QUERY) : null,
        guard(path.before(), scheme.before().isEmpty()));
  }

  private static TemplateText trimmed(TemplateText url) {
    List<Part> parts = new ArrayList<>(url.parts());
    if (!parts.isEmpty() && parts.getFirst() instanceof Part.Literal(String text)) {
      parts.set(0, new Part.Literal(text.stripLeading()));
    }
    if (!parts.isEmpty() && parts.getLast() instanceof Part.Literal(String text)) {
      parts.set(parts.size() - 1, new Part.Literal(text.stripTrailing()));
    }
    parts.removeIf(part -> part instanceof Part.Literal(String text) && text.isEmpty());
    return new TemplateText(parts);
  }

  /** Before: the scheme, or nothing where a template stands at the start. */
  private static TemplateText.Cut afterScheme(TemplateText url) throws Unusable {
    if (!(url.parts().getFirst() instanceof Part.Literal(String text))) {
      return new TemplateText.Cut(new TemplateText(List.of()), '\0', url);
    }
    Matcher scheme = SCHEME.matcher(text);
    if (!scheme.lookingAt()) {
      throw new Unusable("a URL starts with https:// or with a template");
    }
    List<Part> rest = new ArrayList<>(url.parts());
    rest.set(0, new Part.Literal(text.substring(scheme.end())));
    return new TemplateText.Cut(
        TemplateText.ofLiteral(text.substring(0, scheme.end() - 3)), '/', new TemplateText(rest));
  }

  private Start start(TemplateText scheme, TemplateText authority) throws Unusable {
    if (!scheme.isEmpty()) {
      return written(scheme.literal(), authority);
    }
    if (!authority.isOneExpression()) {
      throw new Unusable("after a template at the start of a URL only /, ? or # may follow");
    }
    return new Start.Rendered(compile(authority, Position.URL));
  }

  private Start written(String scheme, TemplateText authority) throws Unusable {
    if (authority.literal().contains("@")) {
      throw new Unusable("user information in a URL is refused");
    }
    TemplateText.Cut port = cutPort(authority);
    checkHost(scheme, port.before());
    return new Start.Written(
        scheme, compile(port.before(), Position.HOST), port.sign() == ':' ? port(port) : null);
  }

  /** An IPv6 address holds colons of its own. */
  private static TemplateText.Cut cutPort(TemplateText authority) {
    String literal = authority.literal();
    int bracket = literal.indexOf(']');
    if (!authority.isLiteral() || bracket < 0) {
      return authority.cut(":");
    }
    String rest = literal.substring(bracket + 1);
    return new TemplateText.Cut(
        TemplateText.ofLiteral(literal.substring(0, bracket + 1)),
        rest.startsWith(":") ? ':' : '\0',
        TemplateText.ofLiteral(rest.isEmpty() ? rest : rest.substring(1)));
  }

  private static void checkHost(String scheme, TemplateText host) throws Unusable {
    if (host.isLiteral()) {
      if (!Hosts.isHost(host.literal())) {
        throw new Unusable("'" + host.literal() + "' is not a host");
      }
      if (!HostGuard.isSafe(scheme, host.literal())) {
        throw new Unusable("only https is allowed, and http on a loopback host");
      }
    } else if (!host.literal().matches("[A-Za-z0-9.-]*")) {
      throw new Unusable("a host holds only letters, digits, dots and hyphens");
    }
  }

  private CompiledText port(TemplateText.Cut port) throws Unusable {
    boolean digits = port.after().literal().matches("[0-9]{0,5}");
    if (!digits || port.after().isEmpty()) {
      throw new Unusable("a port holds only digits");
    }
    return compile(port.after(), Position.PORT);
  }

  private HostGuard guard(TemplateText authority, boolean url) throws Unusable {
    boolean foreign = origins.foreign(authority);
    Optional<String> free = origins.free(url ? authority : cutPort(authority).before(), url);
    if (foreign && allowed.isEmpty()) {
      throw new Unusable(
          "a callback or an answer puts its host here: list the hosts it may name in"
              + " allowed_hosts");
    }
    if (free.isPresent() && allowed.isEmpty()) {
      throw new Unusable(
          "by "
              + free.get()
              + " a connection could name any host here: list the hosts it may name in"
              + " allowed_hosts, or give it options"
              + (url
                  ? ""
                  : " or a pattern that ends in a domain, e.g. [a-z0-9-]+\\.acme\\.example"));
    }
    return new HostGuard(foreign || free.isPresent(), allowed);
  }

  private static TemplateText path(TemplateText.Cut cut) {
    if (cut.sign() != '/') {
      return new TemplateText(List.of());
    }
    List<Part> parts = new ArrayList<>(List.of(new Part.Literal("/")));
    parts.addAll(cut.after().parts());
    return new TemplateText(parts);
  }

  private List<Parameter> parameters(TemplateText query) {
    List<Parameter> parameters = new ArrayList<>();
    TemplateText rest = query;
    while (!rest.isEmpty()) {
      TemplateText.Cut cut = rest.cut("&");
      if (!cut.before().isEmpty()) {
        parameters.add(parameter(cut.before()));
      }
      rest = cut.after();
    }
    return parameters;
  }

  private Parameter parameter(TemplateText text) {
    TemplateText.Cut cut = text.cut("=");
    @Nullable TemplateText value = cut.sign() == '=' ? cut.after() : null;
    return Parameter.written(where, cut.before(), value, Position.QUERY);
  }

  private CompiledText compile(TemplateText text, Position position) {
    return CompiledText.compile(where, text, position);
  }
}
