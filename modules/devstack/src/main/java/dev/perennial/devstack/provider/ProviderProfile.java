package dev.perennial.devstack.provider;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How one simulated provider behaves. Immutable; made by {@link #named}. */
public final class ProviderProfile {

  /** Who decides at the consent page. */
  public enum Consent {
    /** Granted at once, without a page. */
    AUTOMATIC,
    /** A page with Allow and Deny. */
    PAGE,
    /** Denied at once: {@code error=access_denied}. */
    DENIED
  }

  /** How the life of an access token is stated. */
  public enum ExpiresIn {
    NUMBER,
    STRING,
    ABSENT
  }

  private static final Pattern NAME = Pattern.compile("[a-z0-9-]+");

  final String name;
  final String clientId;
  final String clientSecret;
  final Duration accessTokenLife;
  final Duration codeLife;
  final Rotation rotation;
  final ExpiresIn expiresIn;
  final Consent consent;
  final boolean formAnswers;
  final boolean errorsIn200;
  final boolean pkceRequired;
  final boolean redirectUriRequired;
  final boolean scopeEchoed;
  final boolean refreshTokenIssued;
  final boolean refreshTokenRepeated;
  final boolean issuerStated;
  final @Nullable String adminConsentTenant;
  final Map<String, Object> extraFields;
  final Map<String, Endpoint> aliases;

  private ProviderProfile(Builder from) {
    this.name = from.name;
    this.clientId = from.clientId;
    this.clientSecret = from.clientSecret;
    this.accessTokenLife = from.accessTokenLife;
    this.codeLife = from.codeLife;
    this.rotation = from.rotation;
    this.expiresIn = from.expiresIn;
    this.consent = from.consent;
    this.formAnswers = from.formAnswers;
    this.errorsIn200 = from.errorsIn200;
    this.pkceRequired = from.pkceRequired;
    this.redirectUriRequired = from.redirectUriRequired;
    this.scopeEchoed = from.scopeEchoed;
    this.refreshTokenIssued = from.refreshTokenIssued;
    this.refreshTokenRepeated = from.refreshTokenRepeated;
    this.issuerStated = from.issuerStated;
    this.adminConsentTenant = from.adminConsentTenant;
    this.extraFields = new LinkedHashMap<>(from.extraFields);
    this.aliases = Map.copyOf(from.aliases);
  }

  /**
   * A provider with these habits unless told otherwise: client {@code sim-client} with secret
   * {@code sim-secret}, access tokens of an hour, single-use refresh tokens, {@code expires_in} as
   * a number, JSON, consent without a page.
   *
   * @param name part of its paths: {@code [a-z0-9-]+}
   */
  public static Builder named(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not a provider's name: '" + name + "'");
    }
    return new Builder(name);
  }

  public String name() {
    return name;
  }

  public String clientId() {
    return clientId;
  }

  public String clientSecret() {
    return clientSecret;
  }

  /** The ways a simulated provider can be asked. */
  enum Endpoint {
    AUTHORIZE,
    TOKEN,
    RESOURCE,
    REVOKE;

    static final List<Endpoint> ALL = List.of(values());
  }

  /** Collects a profile. Not thread-safe. */
  public static final class Builder {
    private final String name;
    private String clientId = "sim-client";
    private String clientSecret = "sim-secret";
    private Duration accessTokenLife = Duration.ofHours(1);
    private Duration codeLife = Duration.ofMinutes(1);
    private Rotation rotation = Rotation.SINGLE_USE;
    private ExpiresIn expiresIn = ExpiresIn.NUMBER;
    private Consent consent = Consent.AUTOMATIC;
    private boolean formAnswers;
    private boolean errorsIn200;
    private boolean pkceRequired;
    private boolean redirectUriRequired = true;
    private boolean scopeEchoed = true;
    private boolean refreshTokenIssued = true;
    private boolean refreshTokenRepeated;
    private boolean issuerStated;
    private @Nullable String adminConsentTenant;
    private final Map<String, Object> extraFields = new LinkedHashMap<>();
    private final Map<String, Endpoint> aliases = new LinkedHashMap<>();

    private Builder(String name) {
      this.name = name;
    }

    /** Expected in the body, in the query or as HTTP Basic. */
    public Builder client(String id, String secret) {
      this.clientId = id;
      this.clientSecret = secret;
      return this;
    }

    /** Whole seconds, at least one. */
    public Builder accessTokenLife(Duration life) {
      this.accessTokenLife = life;
      return this;
    }

    public Builder codeLife(Duration life) {
      this.codeLife = life;
      return this;
    }

    public Builder rotation(Rotation wanted) {
      this.rotation = wanted;
      return this;
    }

    public Builder expiresIn(ExpiresIn wanted) {
      this.expiresIn = wanted;
      return this;
    }

    public Builder consent(Consent wanted) {
      this.consent = wanted;
      return this;
    }

    /** Answers form-encoded instead of as JSON. */
    public Builder formAnswers() {
      this.formAnswers = true;
      return this;
    }

    /** Errors of the token endpoint come with status 200 and {@code "ok": false}. */
    public Builder errorsIn200() {
      this.errorsIn200 = true;
      return this;
    }

    /**
     * A consent without a code challenge is refused (RFC 7636). One that was sent always counts.
     */
    public Builder pkceRequired() {
      this.pkceRequired = true;
      return this;
    }

    /** The token request may leave redirect_uri out; one that is sent must still be the same. */
    public Builder redirectUriOptional() {
      this.redirectUriRequired = false;
      return this;
    }

    /** Answers do not say the granted scope. */
    public Builder scopeNotEchoed() {
      this.scopeEchoed = false;
      return this;
    }

    /** No refresh token is ever issued. */
    public Builder withoutRefreshToken() {
      this.refreshTokenIssued = false;
      return this;
    }

    /** Where it never rotates, the answer to a refresh says the same refresh token again. */
    public Builder refreshTokenRepeated() {
      this.refreshTokenRepeated = true;
      return this;
    }

    /** The callback carries {@code iss} (RFC 9207). */
    public Builder issuerStated() {
      this.issuerStated = true;
      return this;
    }

    /** Consent brings {@code admin_consent=True&tenant=…} and no code; then client_credentials. */
    public Builder adminConsent(String tenant) {
      this.adminConsentTenant = tenant;
      return this;
    }

    /** One more field in every token answer: a text, a number or a map. */
    public Builder extraField(String field, Object value) {
      extraFields.put(field, value);
      return this;
    }

    /** The same endpoints at further paths of the server, e.g. a real provider's own. */
    public Builder alias(String authorizePath, String tokenPath) {
      aliases.put(authorizePath, Endpoint.AUTHORIZE);
      aliases.put(tokenPath, Endpoint.TOKEN);
      return this;
    }

    /**
     * @throws IllegalArgumentException where the access token's life is below a second
     */
    public ProviderProfile build() {
      if (accessTokenLife.toSeconds() < 1) {
        throw new IllegalArgumentException(
            name + ": an access token lives for whole seconds, not " + accessTokenLife);
      }
      return new ProviderProfile(this);
    }
  }
}
