package dev.perennial.integration.jwt;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys and certificates as text (RFC 7468). */
public final class Pem {
  public static final String CERTIFICATE = "CERTIFICATE";
  public static final String PRIVATE_KEY = "PRIVATE KEY";

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]*+)-----END \\1-----");

  private Pem() {}

  /** In an environment variable, backslash and n often stand for a line break. */
  public static String withLineBreaks(String text) {
    return text.replace("\\r", "").replace("\\n", "\n").strip() + "\n";
  }

  /** Whether the text holds a block with this label. */
  public static boolean holds(String text, String label) {
    return BLOCK.matcher(text).results().anyMatch(block -> label.equals(block.group(1)));
  }

  /**
   * @param family RSA or EC
   */
  static PrivateKey privateKey(String text, String family) throws UnusableKey {
    Matcher block = BLOCK.matcher(withLineBreaks(text));
    if (!block.find()) {
      throw new UnusableKey("is no key in PEM (-----BEGIN PRIVATE KEY-----)");
    }
    String label = String.valueOf(block.group(1));
    switch (label) {
      case PRIVATE_KEY -> {}
      case "RSA PRIVATE KEY", "EC PRIVATE KEY" ->
          throw new UnusableKey(
              "is a key in an older form (BEGIN "
                  + label
                  + "): openssl pkcs8 -topk8 -nocrypt turns it into PKCS #8");
      case "ENCRYPTED PRIVATE KEY" ->
          throw new UnusableKey("is an encrypted key: give it without a passphrase");
      default -> throw new UnusableKey("is no private key (BEGIN " + label + ")");
    }
    try {
      byte[] encoded = Base64.getMimeDecoder().decode(block.group(2));
      return KeyFactory.getInstance(family).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // The exception may quote the key.
      throw new UnusableKey("is no " + family + " private key in PKCS #8");
    }
  }
}
