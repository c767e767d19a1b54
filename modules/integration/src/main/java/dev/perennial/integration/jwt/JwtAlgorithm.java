package dev.perennial.integration.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import java.util.Optional;

/** The signatures a definition may ask for (RFC 7518 section 3.1). */
public enum JwtAlgorithm {
  RS256,
  RS384,
  RS512,
  PS256,
  ES256,
  ES384,
  HS256;

  public static Optional<JwtAlgorithm> of(String name) {
    return Arrays.stream(values()).filter(algorithm -> algorithm.name().equals(name)).findFirst();
  }

  JWSAlgorithm jws() {
    return JWSAlgorithm.parse(name());
  }

  /**
   * @param key in PEM, PKCS #8; for HS256 the secret itself
   */
  JWSSigner signer(String key) throws UnusableKey {
    try {
      return switch (this) {
        case RS256, RS384, RS512, PS256 -> new RSASSASigner(Pem.privateKey(key, "RSA"));
        case ES256, ES384 -> elliptic(Pem.privateKey(key, "EC"));
        case HS256 -> new MACSigner(key.getBytes(StandardCharsets.UTF_8));
      };
    } catch (JOSEException | IllegalArgumentException e) {
      throw unfit();
    }
  }

  private JWSSigner elliptic(PrivateKey key) throws JOSEException, UnusableKey {
    if (!(key instanceof ECPrivateKey elliptic)) {
      throw unfit();
    }
    JWSSigner signer = new ECDSASigner(elliptic);
    if (!signer.supportedJWSAlgorithms().contains(jws())) {
      throw unfit();
    }
    return signer;
  }

  UnusableKey unfit() {
    return new UnusableKey(
        switch (this) {
          case RS256, RS384, RS512, PS256 -> name() + " needs an RSA key of at least 2048 bits";
          case ES256 -> "ES256 needs a key on the curve P-256";
          case ES384 -> "ES384 needs a key on the curve P-384";
          case HS256 -> "HS256 needs a secret of at least 32 bytes";
        });
  }
}
