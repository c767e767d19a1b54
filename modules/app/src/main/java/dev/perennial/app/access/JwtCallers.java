package dev.perennial.app.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import dev.perennial.domain.Secret;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * Access tokens of one issuer as JWTs (RFC 9068): its signature with one of its public keys, never
 * none and never a shared secret, and then what {@link JwtClaims} checks. {@code typ} may be {@code
 * at+jwt}, {@code JWT} or missing, since few issuers say the first. Thread-safe.
 */
public final class JwtCallers implements Callers {
  private static final Pattern FORM =
      Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*");
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512,
          JWSAlgorithm.EdDSA,
          JWSAlgorithm.Ed25519);
  private static final Set<String> TYPES = Set.of("at+jwt", "application/at+jwt", "jwt");

  /** Keys tried where the header names none. */
  private static final int MAX_TRIES = 10;

  private final CachedKeys keys;
  private final JwtClaims claims;

  /**
   * @param audience under which the issuer knows this API
   */
  public JwtCallers(
      IssuerKeys issuer, String audience, InstantSource clock, LongSupplier nanoTime) {
    this.keys = new CachedKeys(issuer, nanoTime);
    this.claims = new JwtClaims(issuer.issuer().toString(), audience, clock);
  }

  @Override
  public Identity find(Secret bearer) {
    if (!FORM.matcher(bearer.reveal()).matches()) {
      return Identity.Unknown.OF_ANOTHER_KIND;
    }
    try {
      JWSObject token = JWSObject.parse(bearer.reveal());
      return isAcceptable(token.getHeader())
          ? signed(token)
          : new Identity.Unknown(
              "This token is not signed with a private key as it must be (alg: RS, PS, ES or EdDSA;"
                  + " typ: at+jwt or JWT).");
    } catch (ParseException | IllegalArgumentException _) {
      return new Identity.Unknown("This token is no signed JWT.");
    }
  }

  private static boolean isAcceptable(JWSHeader header) {
    JOSEObjectType type = header.getType();
    return ALGORITHMS.contains(header.getAlgorithm())
        && (type == null || TYPES.contains(type.getType().toLowerCase(Locale.ROOT)));
  }

  private Identity signed(JWSObject token) {
    List<JWK> candidates = keys.matching(token.getHeader());
    if (candidates.isEmpty()) {
      return new Identity.Unknown("This token is signed with a key that its issuer does not have.");
    }
    return candidates.stream().limit(MAX_TRIES).anyMatch(key -> isSigned(token, key))
        ? claims.caller(token.getPayload().toBytes())
        : new Identity.Unknown("The signature of this token is wrong.");
  }

  private static boolean isSigned(JWSObject token, JWK key) {
    try {
      return token.verify(verifier(key));
    } catch (JOSEException _) {
      return false; // not a key of that algorithm
    }
  }

  private static JWSVerifier verifier(JWK key) throws JOSEException {
    return switch (key) {
      case RSAKey rsa -> new RSASSAVerifier(rsa);
      case ECKey ec -> new ECDSAVerifier(ec);
      case OctetKeyPair okp -> new Ed25519Verifier(okp);
      default -> throw new JOSEException("no verifier for " + key.getKeyType());
    };
  }
}
