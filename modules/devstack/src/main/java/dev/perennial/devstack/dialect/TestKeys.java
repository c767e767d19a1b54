package dev.perennial.devstack.dialect;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/** The keys of whoever asks the providers: made anew in each run, and not worth hiding. */
final class TestKeys {
  private static final KeyPair RSA = pair("RSA");
  private static final KeyPair EC = pair("EC");

  private TestKeys() {}

  static KeyPair rsa() {
    return RSA;
  }

  static KeyPair ec() {
    return EC;
  }

  /** PKCS #8. */
  static String rsaPem() {
    return pem(RSA.getPrivate());
  }

  /** PKCS #8. */
  static String ecPem() {
    return pem(EC.getPrivate());
  }

  private static String pem(PrivateKey key) {
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
        + "\n-----END PRIVATE KEY-----\n";
  }

  private static KeyPair pair(String algorithm) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (algorithm.equals("EC")) {
        generator.initialize(new ECGenParameterSpec("secp256r1"));
      } else {
        generator.initialize(2048);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no " + algorithm, e);
    }
  }
}
