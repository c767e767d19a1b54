package dev.perennial.domain.authorization;

import dev.perennial.domain.Secret;
import dev.perennial.domain.definition.ConnectionContext;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a consent was begun with and its code is exchanged with. Sealed wherever it rests; prints
 * names only. Immutable.
 *
 * @param variables values of the per-connection variables, by id
 * @param scopes asked for beside those of the definition
 * @param prepared what the request before the consent brought, as JSON values; empty without one
 * @param issuer that the authorization server's metadata names; null where nothing was discovered
 * @param issuerStated whether each authorization response must name the issuer (RFC 9207 section 3)
 * @param dpopKey a private JWK (RFC 9449); null where none was needed yet
 */
public record Preparation(
    Map<String, String> variables,
    List<String> scopes,
    Map<String, ? extends @Nullable Object> prepared,
    @Nullable String issuer,
    boolean issuerStated,
    @Nullable Secret dpopKey) {

  /** With nothing. */
  public static final Preparation NONE = new Preparation(Map.of(), Map.of(), null, false, null);

  /** With the scopes of the definition. */
  public Preparation(
      Map<String, String> variables,
      Map<String, ? extends @Nullable Object> prepared,
      @Nullable String issuer,
      boolean issuerStated,
      @Nullable Secret dpopKey) {
    this(variables, List.of(), prepared, issuer, issuerStated, dpopKey);
  }

  // Not the compact form: javac then loses the type annotation.
  public Preparation(
      Map<String, String> variables,
      List<String> scopes,
      Map<String, ? extends @Nullable Object> prepared,
      @Nullable String issuer,
      boolean issuerStated,
      @Nullable Secret dpopKey) {
    this.variables = Map.copyOf(variables);
    this.scopes = List.copyOf(scopes);
    this.prepared = Collections.unmodifiableMap(new LinkedHashMap<>(prepared));
    this.issuer = issuer;
    this.issuerStated = issuerStated;
    this.dpopKey = dpopKey;
  }

  /** What templates read of it. */
  public ConnectionContext context() {
    return ConnectionContext.of(variables).withScopes(scopes).withPrepare(prepared);
  }

  @Override
  public String toString() {
    return "Preparation[variables=" + variables.keySet() + ", prepared=" + prepared.keySet() + "]";
  }
}
