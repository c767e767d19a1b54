package dev.perennial.integration;

import dev.perennial.domain.definition.Lifetime;
import dev.perennial.integration.request.RequestTemplate;
import dev.perennial.integration.request.UrlTemplate;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A definition file that was read without an error, its templates compiled. Immutable. */
public final class Definition {
  private final String slug;
  private final String file;
  private final List<Variable> variables;
  private final Oauth oauth;
  private final Set<String> ids;

  Definition(String slug, String file, List<Variable> variables, Oauth oauth) {
    this.slug = slug;
    this.file = file;
    this.variables = List.copyOf(variables);
    this.oauth = oauth;
    this.ids = variables.stream().map(Variable::id).collect(Collectors.toUnmodifiableSet());
  }

  /** {@code [a-z0-9-]}: the file's name without {@code .json}. */
  public String slug() {
    return slug;
  }

  /** The file as it was given, for messages. */
  public String file() {
    return file;
  }

  /** All declared variables, and the used ones where none are declared. */
  public List<Variable> variables() {
    return variables;
  }

  /** What the operator may set, e.g. {@code PERENNIAL_GOOGLE_CLIENT_ID}. */
  public Set<String> environmentNames() {
    return variables.stream()
        .map(variable -> variable.environmentName(slug))
        .collect(Collectors.toUnmodifiableSet());
  }

  boolean isVariable(String name) {
    return ids.contains(name);
  }

  Oauth oauth() {
    return oauth;
  }

  @Override
  public String toString() {
    return "Definition[" + slug + "]";
  }

  /**
   * The oauth object.
   *
   * @param consent null where no browser is needed
   * @param refresh null where there is none
   * @param scopes joined
   */
  record Oauth(
      @Nullable UrlTemplate consent,
      RequestTemplate token,
      @Nullable RequestTemplate refresh,
      Names.Flow flow,
      String scopes,
      Lifetime lifetime) {}
}
