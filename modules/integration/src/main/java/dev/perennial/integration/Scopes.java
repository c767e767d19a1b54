package dev.perennial.integration;

import dev.perennial.domain.definition.RenderingException;
import dev.perennial.integration.request.Parameter;
import dev.perennial.integration.request.UrlTemplate;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The scopes a definition asks for (RFC 6749 section 3.3), and where a connection may ask for more.
 * Immutable.
 *
 * @param declared key {@code scopes}
 * @param separator between two of them
 * @param parameter of the consent URL that holds them; null where none does
 * @param prepared whether the request before the consent reads them
 */
record Scopes(
    List<String> declared, String separator, @Nullable String parameter, boolean prepared) {
  private static final int MOST = 50;

  /** RFC 6749 appendix A.4. */
  private static final Pattern TOKEN = Pattern.compile("[!#-\\[\\]-~]{1,256}");

  Scopes {
    declared = List.copyOf(declared);
  }

  /**
   * @param stated the separator that the definition states; empty: a comma where the consent URL
   *     itself is written with one, else a space
   */
  static Scopes of(
      List<String> declared, Optional<String> stated, Optional<UrlTemplate> consent, boolean sent) {
    Optional<Parameter> holder = consent.flatMap(Scopes::holder);
    String written = holder.map(Scopes::written).orElse("");
    boolean commas = written.contains(",") && !written.contains(" ") && !written.contains("%20");
    return new Scopes(
        declared,
        stated.orElse(commas ? "," : " "),
        holder.map(parameter -> parameter.name().source().literal()).orElse(null),
        sent);
  }

  /** The parameter that reads {@code scopes}, else the one named {@code scope}. */
  private static Optional<Parameter> holder(UrlTemplate consent) {
    return consent.query().stream()
        .filter(
            parameter -> parameter.value() != null && parameter.value().source().reads("scopes"))
        .findFirst()
        .or(() ->
            consent.query().stream().filter(parameter -> parameter.isNamed("scope")).findFirst());
  }

  private static String written(Parameter parameter) {
    return parameter.value() == null ? "" : parameter.value().source().literal();
  }

  /** What {@code {{ scopes }}} stands for. */
  String joined(List<String> more) {
    return String.join(separator, union(declared, more));
  }

  /** Why these cannot be asked for as well; empty when they can. */
  List<String> refuse(List<String> more) {
    if (more.isEmpty()) {
      return List.of();
    }
    if (parameter == null && !prepared) {
      return List.of("its authenticate_url has no scope parameter to add them to");
    }
    if (more.size() > MOST) {
      return List.of("more than " + MOST);
    }
    List<String> refused = new ArrayList<>();
    for (int i = 0; i < more.size(); i++) {
      if (!TOKEN.matcher(more.get(i)).matches()) {
        refused.add(
            "number "
                + (i + 1)
                + " is no scope: 1 to 256 printable ASCII characters without space, \" and \\"
                + " (RFC 6749 appendix A.4)");
      } else if (more.get(i).contains(separator)) {
        refused.add("number " + (i + 1) + " holds '" + separator + "', which stands between two");
      }
    }
    return refused;
  }

  /** The consent URL with these in it, those that are there already once. */
  URI added(URI consent, List<String> more) {
    if (more.isEmpty() || parameter == null) {
      return consent;
    }
    List<String> pairs = new ArrayList<>();
    boolean found = false;
    for (String pair : Optional.ofNullable(consent.getRawQuery()).orElse("").split("&", -1)) {
      int equals = pair.indexOf('=');
      boolean here = !found && equals >= 0 && decoded(pair.substring(0, equals)).equals(parameter);
      found |= here;
      pairs.add(here ? extended(pair, equals, more) : pair);
    }
    return withQuery(consent, String.join("&", pairs));
  }

  private String extended(String pair, int equals, List<String> more) {
    String value = decoded(pair.substring(equals + 1));
    List<String> there = List.of(value.split(Pattern.quote(separator), -1));
    return pair.substring(0, equals + 1) + encoded(String.join(separator, union(there, more)));
  }

  private static Set<String> union(Collection<String> first, Collection<String> second) {
    Set<String> all = new LinkedHashSet<>(first);
    all.addAll(second);
    all.remove("");
    return all;
  }

  private static URI withQuery(URI url, String query) {
    String text = url.toString();
    int fragment = text.indexOf('#');
    String end = fragment < 0 ? "" : text.substring(fragment);
    String whole = fragment < 0 ? text : text.substring(0, fragment);
    int start = whole.indexOf('?');
    try {
      return new URI((start < 0 ? whole : whole.substring(0, start)) + "?" + query + end);
    } catch (URISyntaxException e) {
      // The exception quotes the URL, and the URL holds the state.
      throw new RenderingException("authenticate_url with more scopes is not a URL");
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
