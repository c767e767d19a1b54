package dev.perennial.devstack.dialect;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A signed assertion (RFC 7523): three parts, a signature of the test's key, and an end to come.
 */
final class Assertion {
  private static final JsonMapper JSON = new JsonMapper();

  private Assertion() {}

  /**
   * @param secrets any of which may be the key of an HMAC
   * @param claims which it must have
   * @return what is wrong with it; empty where nothing is
   */
  static List<String> problems(
      String jwt, Collection<String> secrets, Map<String, JsonNode> claims, Instant now) {
    String[] parts = jwt.split("\\.", -1);
    if (parts.length != 3) {
      return List.of("not a JWT of three parts");
    }
    try {
      JsonNode header = JSON.readTree(decoded(parts[0]));
      JsonNode body = JSON.readTree(decoded(parts[1]));
      List<String> problems = new ArrayList<>();
      String algorithm = header.path("alg").asString("");
      byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
      if (!verifies(algorithm, signed, decoded(parts[2]), secrets)) {
        problems.add("a JWT whose " + algorithm + " signature is not of the test's key");
      }
      if (body.path("exp").asLong(0) <= now.getEpochSecond()) {
        problems.add("a JWT that is over: exp " + body.path("exp"));
      }
      claims.forEach((name, expected) -> {
        if (!expected.equals(body.get(name))) {
          problems.add("a JWT with " + name + " " + body.get(name) + " instead of " + expected);
        }
      });
      return problems;
    } catch (JacksonException | IllegalArgumentException | GeneralSecurityException e) {
      return List.of("a JWT that cannot be read: " + e.getMessage());
    }
  }

  private static byte[] decoded(String part) {
    return Base64.getUrlDecoder().decode(part);
  }

  private static boolean verifies(
      String algorithm, byte[] signed, byte[] signature, Collection<String> secrets)
      throws GeneralSecurityException {
    return switch (algorithm) {
      case "RS256", "RS384", "RS512" -> {
        Signature rsa = Signature.getInstance("SHA" + algorithm.substring(2) + "withRSA");
        rsa.initVerify(TestKeys.rsa().getPublic());
        yield verifies(rsa, signed, signature);
      }
      case "PS256" -> {
        Signature pss = Signature.getInstance("RSASSA-PSS");
        pss.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        pss.initVerify(TestKeys.rsa().getPublic());
        yield verifies(pss, signed, signature);
      }
      case "ES256" -> {
        Signature ec = Signature.getInstance("SHA256withECDSAinP1363Format");
        ec.initVerify(TestKeys.ec().getPublic());
        yield verifies(ec, signed, signature);
      }
      case "HS256", "HS384", "HS512" ->
          isMac("HmacSHA" + algorithm.substring(2), signed, signature, secrets);
      default -> false;
    };
  }

  private static boolean verifies(Signature verifier, byte[] signed, byte[] signature)
      throws GeneralSecurityException {
    verifier.update(signed);
    return verifier.verify(signature);
  }

  private static boolean isMac(
      String algorithm, byte[] signed, byte[] signature, Collection<String> secrets)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance(algorithm);
    for (String secret : secrets) {
      if (!secret.isEmpty()) {
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), algorithm));
        if (MessageDigest.isEqual(mac.doFinal(signed), signature)) {
          return true;
        }
      }
    }
    return false;
  }

  /** One that a provider could have made, for answers. */
  static String example(Instant now) {
    String signed =
        encoded("{\"alg\":\"RS256\",\"typ\":\"JWT\"}")
            + "."
            + encoded(
                "{\"sub\":\"user-1\",\"iat\":%d,\"exp\":%d}"
                    .formatted(now.getEpochSecond(), now.plusSeconds(3600).getEpochSecond()));
    try {
      Signature rsa = Signature.getInstance("SHA256withRSA");
      rsa.initSign(TestKeys.rsa().getPrivate());
      rsa.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(rsa.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK cannot sign", e);
    }
  }

  private static String encoded(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }
}
