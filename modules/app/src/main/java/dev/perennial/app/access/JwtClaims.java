package dev.perennial.app.access;

import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an access token says (RFC 9068 section 4): {@code iss} and {@code aud} must be as given,
 * {@code exp} must be there and {@code exp} and {@code nbf} right within 60 s. Scopes stand in
 * {@code scope} or {@code scp}; names that are not ours mean nothing. {@code
 * perennial_integrations}, an array, limits to integrations. Thread-safe.
 */
final class JwtClaims {
  private static final long SKEW_SECONDS = 60;
  private static final int MAX_NAME = 100;
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String issuer;
  private final String audience;
  private final InstantSource clock;

  JwtClaims(String issuer, String audience, InstantSource clock) {
    this.issuer = issuer;
    this.audience = audience;
    this.clock = clock;
  }

  /**
   * @param payload of a token whose signature is right
   */
  Identity caller(byte[] payload) {
    try {
      JsonNode claims = MAPPER.readTree(payload);
      String wrong = wrong(claims);
      return wrong.isEmpty() ? caller(claims) : new Identity.Unknown("This token " + wrong + ".");
    } catch (JacksonException _) {
      return new Identity.Unknown("This token holds no JSON.");
    }
  }

  /** What is wrong with it; empty where nothing is. */
  private String wrong(JsonNode claims) {
    if (!claims.path("iss").asString("").equals(issuer)) {
      return "is of another issuer (iss) than admin.jwt.issuer";
    }
    if (!texts(claims.path("aud")).contains(audience)) {
      return "is not for this API: aud lacks admin.jwt.audience";
    }
    JsonNode end = claims.path("exp");
    JsonNode begin = claims.path("nbf");
    double now = clock.instant().getEpochSecond();
    if (!end.isNumber()) {
      return "has no end (exp)";
    }
    if (now - SKEW_SECONDS >= end.asDouble()) {
      return "expired (exp)";
    }
    if (!begin.isMissingNode() && (!begin.isNumber() || now + SKEW_SECONDS < begin.asDouble())) {
      return "is not good yet (nbf)";
    }
    return claims.has("perennial_integrations") && !isTexts(claims.path("perennial_integrations"))
        ? "is limited to something that is no array of integrations (perennial_integrations)"
        : "";
  }

  private static Identity caller(JsonNode claims) {
    return new Caller(
        "jwt " + name(claims),
        scopes(claims),
        claims.has("perennial_integrations")
            ? Optional.of(texts(claims.path("perennial_integrations")))
            : Optional.empty());
  }

  private static String name(JsonNode claims) {
    String name = claims.path("client_id").asString(claims.path("sub").asString("?"));
    String printable = name.replaceAll("[^\\x21-\\x7e]", "?");
    return printable.substring(0, Math.min(printable.length(), MAX_NAME));
  }

  private static Set<Scope> scopes(JsonNode claims) {
    JsonNode said = claims.has("scope") ? claims.path("scope") : claims.path("scp");
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    for (String text : texts(said)) {
      Pattern.compile(" ")
          .splitAsStream(text)
          .map(Scope::find)
          .forEach(it -> it.ifPresent(scopes::add));
    }
    return scopes;
  }

  private static boolean isTexts(JsonNode value) {
    return value.isArray() && value.valueStream().allMatch(JsonNode::isString);
  }

  /** The strings of an array, or the one that stands for an array of one. */
  private static Set<String> texts(JsonNode value) {
    Set<String> texts = new HashSet<>();
    if (value.isString()) {
      texts.add(value.asString());
    }
    if (value.isArray()) {
      value.valueStream().filter(JsonNode::isString).forEach(it -> texts.add(it.asString()));
    }
    return texts;
  }
}
