package dev.perennial.exchanger;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.perennial.domain.Secret;
import java.net.URI;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/**
 * Signs proofs that we possess a key (RFC 9449 section 4.2): ES256, each proof for one request.
 * Thread-safe.
 */
final class DpopProofs {
  static final String HEADER = "DPoP";

  private static final JOSEObjectType TYPE = new JOSEObjectType("dpop+jwt");

  /** Bytes of a proof's identifier. */
  private static final int IDENTIFIER = 16;

  private final InstantSource clock;
  private final SecureRandom random;

  DpopProofs(InstantSource clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  /** A new private JWK on P-256. */
  Secret newKey() {
    try {
      return Secret.of(
          new ECKeyGenerator(Curve.P_256).secureRandom(random).generate().toJSONString());
    } catch (JOSEException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }

  /**
   * A proof for one request.
   *
   * @param key a private JWK on P-256
   * @param nonce that the server asked for; null where it has not
   * @throws UnusableKeyException where the key is anything else
   */
  String proof(Secret key, String method, URI uri, @Nullable String nonce)
      throws UnusableKeyException {
    byte[] identifier = new byte[IDENTIFIER];
    random.nextBytes(identifier);
    try {
      ECKey pair = ECKey.parse(key.reveal());
      if (!Curve.P_256.equals(pair.getCurve())) {
        throw new UnusableKeyException();
      }
      ECKey open = new ECKey.Builder(Curve.P_256, pair.getX(), pair.getY()).build();
      JWTClaimsSet.Builder claims =
          new JWTClaimsSet.Builder()
              .jwtID(Base64.getUrlEncoder().withoutPadding().encodeToString(identifier))
              .claim("htm", method)
              .claim("htu", target(uri))
              .issueTime(Date.from(clock.instant()));
      if (nonce != null) {
        claims.claim("nonce", nonce);
      }
      SignedJWT jwt =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.ES256).type(TYPE).jwk(open).build(),
              claims.build());
      jwt.sign(new ECDSASigner(pair));
      return jwt.serialize();
    } catch (ParseException | JOSEException | IllegalArgumentException e) {
      throw new UnusableKeyException();
    }
  }

  /** The request's URL without query and fragment. */
  private static String target(URI uri) {
    String path = uri.getRawPath();
    return uri.getScheme()
        + "://"
        + uri.getRawAuthority()
        + (path == null || path.isEmpty() ? "/" : path);
  }

  /** The key is no private JWK on P-256. The message has nothing of it. */
  static final class UnusableKeyException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableKeyException() {
      super("the DPoP key is no private JWK on P-256");
    }
  }
}
