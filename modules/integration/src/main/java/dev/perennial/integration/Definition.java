package dev.perennial.integration;

import dev.perennial.domain.definition.AnswerShape;
import dev.perennial.domain.definition.FollowUp;
import dev.perennial.domain.definition.Lifetime;
import dev.perennial.domain.definition.RateLimit;
import dev.perennial.domain.definition.SiblingToken;
import dev.perennial.integration.jwt.JwtTemplate;
import dev.perennial.integration.request.RequestTemplate;
import dev.perennial.integration.request.UrlTemplate;
import java.util.List;
import java.util.Map;
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
        .filter(variable -> !variable.perConnection())
        .map(variable -> variable.environmentName(slug))
        .collect(Collectors.toUnmodifiableSet());
  }

  boolean isVariable(String name) {
    return ids.contains(name);
  }

  /** Whether each connection gives this variable. */
  boolean isPerConnection(String id) {
    return variables.stream().anyMatch(v -> v.perConnection() && v.id().equals(id));
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
   * @param discovery null where nothing is discovered
   * @param prepare null where nothing comes before
   * @param consent null where no browser is needed
   * @param refresh null where there is none
   * @param revoke null where there is none
   * @param certificate null where none is shown
   * @param jwts by name
   * @param scopes that are asked for
   */
  record Oauth(
      @Nullable UrlTemplate discovery,
      @Nullable RequestTemplate prepare,
      @Nullable UrlTemplate consent,
      Steps token,
      @Nullable Steps refresh,
      List<Sibling> siblings,
      @Nullable RequestTemplate revoke,
      @Nullable CertificateTemplate certificate,
      Map<String, JwtTemplate> jwts,
      Names.Flow flow,
      Scopes scopes,
      Said said) {
    Oauth {
      siblings = List.copyOf(siblings);
      jwts = Map.copyOf(jwts);
    }
  }

  /** A request and what follows it. */
  record Steps(RequestTemplate first, List<Step> then) {
    Steps {
      then = List.copyOf(then);
    }
  }

  /** A request that follows. */
  record Step(FollowUp followUp, RequestTemplate request) {}

  /**
   * Another token of the grant.
   *
   * @param refresh null where the main request refreshes it
   */
  record Sibling(SiblingToken token, @Nullable RequestTemplate refresh) {}

  /**
   * What is only passed on.
   *
   * @param limit null where there is none
   * @param stateParameter null where the provider never returns a state
   */
  record Said(
      AnswerShape shape,
      Lifetime lifetime,
      @Nullable RateLimit limit,
      String codeParameter,
      @Nullable String stateParameter,
      boolean dpop) {}
}
